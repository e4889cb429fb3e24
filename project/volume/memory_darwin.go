package volume

import "golang.org/x/sys/unix"

// systemMemory is all memory of the machine: macOS compresses and swaps long before it refuses, and tells no better figure.
func systemMemory() int64 {
	n, err := unix.SysctlUint64("hw.memsize")
	if err != nil {
		return 0
	}
	return int64(n)
}
