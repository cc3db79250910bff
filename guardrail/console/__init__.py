"""What people see: the console on the admin port, and the pages of receipts and disclosure. No script in any of it."""
