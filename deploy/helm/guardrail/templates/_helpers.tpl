{{- define "guardrail.name" -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" }}
{{- end }}

{{- define "guardrail.selector" -}}
app.kubernetes.io/name: guardrail
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "guardrail.labels" -}}
{{ include "guardrail.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
{{- end }}

{{- define "guardrail.image" -}}
{{ .Values.image.repository }}{{ if .Values.image.digest }}@{{ .Values.image.digest }}{{ else }}:{{ .Values.image.tag | default .Chart.AppVersion }}{{ end }}
{{- end }}
