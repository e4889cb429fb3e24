package volume

import (
	"bufio"
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// systemMemory is what the kernel says is available, or what the process's control group leaves if that is less.
//
// Source: Documentation/filesystems/proc.rst (MemAvailable) and Documentation/admin-guide/cgroup-v2.rst (memory.max, memory.current, memory.stat).
func systemMemory() int64 {
	free := int64(0)
	if b, err := os.ReadFile("/proc/meminfo"); err == nil {
		free = field(b, "MemAvailable:") << 10
	}
	if left, limited := groupMemory(); limited && (free == 0 || left < free) {
		free = max(left, 1)
	}
	return free
}

// groupMemory returns what the memory limits above this process leave. Cached files count as free: they give way.
func groupMemory() (left int64, limited bool) {
	b, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return 0, false
	}
	group := ""
	for line := range strings.Lines(string(b)) {
		if path, ok := strings.CutPrefix(strings.TrimSpace(line), "0::"); ok {
			group = path
		}
	}
	for dir := filepath.Join("/sys/fs/cgroup", group); strings.HasPrefix(dir, "/sys/fs/cgroup"); dir = filepath.Dir(dir) {
		most, ok := number(filepath.Join(dir, "memory.max")) // "max" is no number
		used, known := number(filepath.Join(dir, "memory.current"))
		if !ok || !known {
			continue
		}
		if stat, err := os.ReadFile(filepath.Join(dir, "memory.stat")); err == nil {
			used -= field(stat, "active_file") + field(stat, "inactive_file")
		}
		if rest := most - used; !limited || rest < left {
			left, limited = rest, true
		}
	}
	return left, limited
}

func number(path string) (int64, bool) {
	b, err := os.ReadFile(path)
	if err != nil {
		return 0, false
	}
	n, err := strconv.ParseInt(strings.TrimSpace(string(b)), 10, 64)
	return n, err == nil
}

// field returns the number after a line's first word, 0 where there is none.
func field(b []byte, name string) int64 {
	for s := bufio.NewScanner(bytes.NewReader(b)); s.Scan(); {
		if words := strings.Fields(s.Text()); len(words) > 1 && words[0] == name {
			n, _ := strconv.ParseInt(words[1], 10, 64)
			return n
		}
	}
	return 0
}
