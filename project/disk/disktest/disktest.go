// Package disktest runs a test again on a file system so small that it gets full.
package disktest

import (
	"fmt"
	"os"
	"os/exec"
	"testing"
)

const env = "HOTLIGHT_SMALL_DISK"

// On runs the rest of the calling test on an empty file system of mib MiB of its own, in a process of its own, and returns its folder there. In the process
// that go test started it returns ok false, after the other one has ended; the test fails with it, and skips where no such file system can be mounted.
func On(t *testing.T, mib int) (dir string, ok bool) {
	t.Helper()
	if dir := os.Getenv(env); dir != "" {
		return dir, true
	}
	at := t.TempDir()
	if err := exec.Command("unshare", "-Urm", "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", at).Run(); err != nil {
		t.Skip("a small file system cannot be mounted here: ", err)
	}
	script := fmt.Sprintf("mount -t tmpfs -o size=%dm tmpfs %[2]q && exec %[3]q -test.run='^%[4]s$' -test.count=1", mib, at, os.Args[0], t.Name())
	cmd := exec.Command("unshare", "-Urm", "sh", "-c", script)
	cmd.Env = append(os.Environ(), env+"="+at)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("on the small file system: %v\n%s", err, out)
	}
	return "", false
}
