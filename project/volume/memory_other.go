//go:build !linux && !windows && !darwin

package volume

// systemMemory is not known here.
func systemMemory() int64 { return 0 }
