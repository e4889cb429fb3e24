package main

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
)

// peakMiB is the most memory that a running process had resident, 0 where the system does not tell. It is read from Linux's /proc: the
// figure that a parent gets after the end would include what the parent itself had when it started the child.
func peakMiB(pid int) float64 {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, rest, found := bytes.Cut(b, []byte("VmHWM:"))
	if !found {
		return 0
	}
	kib, err := strconv.ParseFloat(string(bytes.Fields(rest)[0]), 64)
	if err != nil {
		return 0
	}
	return kib / 1024
}
