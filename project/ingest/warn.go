package ingest

import (
	"fmt"

	"hotlight/project"
)

// warn notes something about a file, once.
func (x *instance) warn(code project.WarningCode, format string, args ...any) {
	x.warnings = addWarning(x.warnings, project.Warning{Code: code, Text: fmt.Sprintf(format, args...)})
}

func (m *Image) warn(code project.WarningCode, format string, args ...any) {
	m.Warnings = addWarning(m.Warnings, project.Warning{Code: code, Text: fmt.Sprintf(format, args...)})
}

func (r *Result) warn(code project.WarningCode, format string, args ...any) {
	r.Warnings = addWarning(r.Warnings, project.Warning{Code: code, Text: fmt.Sprintf(format, args...)})
}

func addWarning(list []project.Warning, w project.Warning) []project.Warning {
	for _, have := range list {
		if have == w {
			return list
		}
	}
	return append(list, w)
}

// count returns "1 slice" or "3 slices".
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
