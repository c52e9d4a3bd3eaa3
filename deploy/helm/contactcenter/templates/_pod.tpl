{{- define "contactcenter.security" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile: {type: RuntimeDefault}
{{- end }}
{{- define "contactcenter.container" -}}
image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
envFrom:
  - secretRef: {name: {{ .Values.secret }}}
env:
  - {name: CONTACTCENTER_PUBLIC_URL, value: {{ .Values.publicUrl | quote }}}
  - {name: CONTACTCENTER_TRUSTED_PROXIES, value: {{ .Values.trustedProxies | quote }}}
  {{- if .Values.fileSecret }}
  - {name: CONTACTCENTER_CONFIG, value: /etc/contactcenter/contactcenter.toml}
  {{- end }}
  {{- if .Values.keySecret }}
  - {name: CONTACTCENTER_SEAL_KEY_FILE, value: /etc/contactcenter-key/seal.keys}
  {{- end }}
  {{- range $name, $value := .Values.settings }}
  - {name: {{ $name }}, value: {{ $value | quote }}}
  {{- end }}
{{- end }}
{{- define "contactcenter.mounts" -}}
- {name: home, mountPath: /var/lib/contactcenter}
- {name: tmp, mountPath: /tmp}
{{- if .Values.fileSecret }}
- {name: file, mountPath: /etc/contactcenter, readOnly: true}
{{- end }}
{{- if .Values.keySecret }}
- {name: key, mountPath: /etc/contactcenter-key, readOnly: true}
{{- end }}
{{- end }}
{{- define "contactcenter.volumes" -}}
- {name: home, emptyDir: {}}
- {name: tmp, emptyDir: {}}
{{- if .Values.fileSecret }}
- {name: file, secret: {secretName: {{ .Values.fileSecret }}, defaultMode: 0440}}
{{- end }}
{{- if .Values.keySecret }}
- {name: key, secret: {secretName: {{ .Values.keySecret }}, defaultMode: 0440}}
{{- end }}
{{- end }}
