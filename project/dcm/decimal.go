package dcm

import (
	"math"
	"strconv"
)

// FormatDS writes f as a decimal string: the shortest text that reads back as f, or the nearest that fits into the 16 characters DICOM allows.
// Infinite values and NaN, which DS cannot hold, give "".
func FormatDS(f float64) string {
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return ""
	}
	if s := strconv.FormatFloat(f, 'f', -1, 64); len(s) <= 16 {
		return s
	}
	if s := strconv.FormatFloat(f, 'g', -1, 64); len(s) <= 16 {
		return s
	}
	best := ""
	for digits := 1; digits <= 16; digits++ {
		for _, form := range []byte{'g', 'f'} {
			s := strconv.FormatFloat(f, form, digits, 64)
			if form == 'f' {
				s = strconv.FormatFloat(f, 'f', digits-1, 64)
			}
			if len(s) <= 16 && (best == "" || nearer(s, best, f)) {
				best = s
			}
		}
	}
	return best
}

func nearer(a, b string, f float64) bool {
	x, _ := strconv.ParseFloat(a, 64)
	y, _ := strconv.ParseFloat(b, 64)
	return math.Abs(x-f) < math.Abs(y-f)
}
