"""What a policy says about people in danger (WHO-51, requirements section 4): values, and one line for each red flag.

Detecting a mental state is regulated in some places (225 ILCS 155, Nevada AB 406; requirements 5.5), so it can be
switched off, with the law behind it; and nobody can do that without it being told first by `policy explain`.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StrictBool, model_validator

from guardrail.policy.base import Model

RED_FLAGS: Mapping[str, str] = {
    "rf1": "chest pain, signs of a heart attack",
    "rf2": "signs of a stroke: face, arm, speech, the worst headache ever",
    "rf3": "no breath, choking, blue lips",
    "rf4": "severe allergic reaction (anaphylaxis)",
    "rf5": "bleeding that does not stop, a lost limb",
    "rf6": "overdose and poisoning",
    "rf7": "thoughts of suicide, self-harm: the text for self-harm",
    "rf8": "violence and abuse",
    "rf9": "fever in a baby of a few weeks",
    "rf10": "a very sick child",
    "rf11": "danger signs in pregnancy and the year after",
    "rf12": "unconscious, a seizure, sudden confusion",
    "rf13": "signs of sepsis or meningitis",
    "rf14": "major injury, burns",
    "rf15": "severe signs in the belly: blood, torsion",
    "rf16": "diabetic emergency",
    "rf17": "mental-health emergency: voices that command harm",
    "rf18": "danger in an eating disorder",
    "rf19": "wrong or doubled medicine: a warning of high risk, no emergency text",
    "rf20": "danger for an eye or a limb",
}
"""Requirements 4.3, in the words of `policy explain`."""
SELF_HARM_CODE = "rf7"
_NO_SIGN = "rf19"

EnvName = Annotated[str, Field(pattern=r"^[A-Z_][A-Z0-9_]{0,99}$")]


def check_webhook_url(url: str) -> str:
    """Raises ValueError, which does not quote it, for anything but `http(s)://host[:port][/path][?query]`."""
    parts = None
    try:
        parts = urlsplit(url) if re.fullmatch(r"[!-~]{1,2000}", url) else None
        sound = parts is not None and parts.port != 0 and re.fullmatch(r"[A-Za-z0-9.\-:\[\]]+", parts.netloc)
    except ValueError:
        sound = None
    if parts is None or not sound or parts.scheme not in ("http", "https") or not parts.hostname or parts.fragment:
        raise ValueError("use https://host/path, without a user, a password or a fragment")
    return url


def is_private(url: str) -> bool:
    """True if nobody on the way can read what is sent there."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        local = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        local = False
    return parts.scheme == "https" or local


class Detect(Model):
    """What is looked for in what people write."""

    emergency: StrictBool = True
    self_harm: StrictBool = True


class Webhook(Model):
    """Who is told, without a word of the text, that somebody may be in danger."""

    url: Annotated[str, AfterValidator(check_webhook_url)] | None = None
    url_env: EnvName | None = None
    """The environment variable with the address, if the address itself is a secret."""
    key_env: EnvName | None = None
    """The environment variable with the key of the signature; left out: not signed."""
    timeout_seconds: Annotated[float, Field(gt=0, le=30, strict=True)] = 3.0

    @model_validator(mode="after")
    def _one_address(self) -> Self:
        if (self.url is None) == (self.url_env is None):
            raise ValueError("give url or url_env")
        return self


class Crisis(Model):
    """Besides the texts (settings of the rail `crisis`)."""

    answer: Literal["follow", "withhold"] = "follow"
    """Behind our text: the model's answer, or none (the model is not asked). The chat goes on either way."""
    detect: Detect = Detect()
    off_codes: tuple[Annotated[str, Field(pattern=r"^rf\d{1,2}$")], ...] = ()
    off_because: Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""
    """The law or the decision behind what is switched off."""
    webhook: Webhook | None = None

    @property
    def off(self) -> tuple[str, ...]:
        """What is not looked for, as labels of the rail: "emergency" (all of them), "emergency.rf17", "self_harm"."""
        kinds = [name for name in ("emergency", "self_harm") if not getattr(self.detect, name)]
        codes = ["self_harm" if code == SELF_HARM_CODE else f"emergency.{code}" for code in self.off_codes]
        return tuple(dict.fromkeys((*kinds, *codes)))

    def is_off(self, code: str) -> bool:
        """True if this red flag is not looked for."""
        label = "self_harm" if code == SELF_HARM_CODE else f"emergency.{code}"
        return label in self.off or label.partition(".")[0] in self.off

    @model_validator(mode="after")
    def _with_a_reason(self) -> Self:
        unknown = [code for code in self.off_codes if code not in RED_FLAGS or code == _NO_SIGN]
        if unknown:
            raise ValueError(f"off_codes: no such red flag; `policy explain` lists them ({_NO_SIGN} has no sign)")
        if self.off and not self.off_because.strip():
            raise ValueError("what is switched off needs `off_because`: the law or the decision behind it")
        return self
