{{- define "stillwatch.fullname" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{ else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "stillwatch.image" -}}
{{- if .Values.image.digest }}{{ .Values.image.repository }}@{{ .Values.image.digest }}{{ else }}{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}{{ end }}
{{- end }}

{{/* Labels that select pods: never changed, since a Deployment's selector cannot be. */}}
{{- define "stillwatch.selector" -}}
app.kubernetes.io/name: stillwatch
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "stillwatch.labels" -}}
{{ include "stillwatch.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{/* The configuration file of a service: what Kubernetes asks for, then the chart's `config`, then the service's own. */}}
{{- define "stillwatch.config" -}}
{{- $root := .root }}
{{- $addresses := list }}
{{- range $name := list "calls" "links" "clusters" "sink" "notify" }}
{{- $addresses = append $addresses (printf "%s=http://%s-%s:9100" $name (include "stillwatch.fullname" $root) $name) }}
{{- end }}
{{- $base := dict
      "http" (dict "host" "0.0.0.0" "port" 9100)
      "log" (dict "format" "json")
      "console" (dict "host" "0.0.0.0" "port" 8080 "services" (join "," $addresses)) }}
{{- if and $root.Values.rules (eq .name "clusters") }}{{ $_ := set $base "rules" (dict "file" "/etc/stillwatch/rules/rules.yaml") }}{{ end }}
{{- toYaml (mergeOverwrite $base (deepCopy $root.Values.config) (deepCopy .own)) }}
{{- end }}

{{- define "stillwatch.podSecurity" -}}
runAsNonRoot: true
runAsUser: 1000
runAsGroup: 1000
fsGroup: 1000
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "stillwatch.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{/* Some keys of the Secret, as files. A key that is missing is told by the service that wants it, by its name. */}}
{{- define "stillwatch.secretVolume" -}}
- name: secrets
  secret:
    secretName: {{ .root.Values.secretName }}
    defaultMode: 0440
    optional: true
    items:
      {{- range .keys }}
      - { key: {{ . }}, path: {{ . }} }
      {{- end }}
{{- end }}

{{- define "stillwatch.peers" -}}
ports:
  {{- range .ports }}
  - { port: {{ . }}, protocol: TCP }
  {{- end }}
{{- with .to }}
to:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
