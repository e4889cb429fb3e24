package export

import (
	"encoding/json"
	"errors"
	"os/exec"
	"testing"
)

// pythonWith returns a Python that has module, or skips the test.
func pythonWith(t *testing.T, module string) string {
	t.Helper()
	for _, python := range []string{"/usr/bin/python3", "python3"} {
		if exec.Command(python, "-c", "import "+module).Run() == nil {
			return python
		}
	}
	t.Skipf("Python's %s is not installed here, so nothing independent can read our files", module)
	return ""
}

func runJSON(t *testing.T, c *exec.Cmd, out any) {
	t.Helper()
	raw, err := c.Output()
	if failed := (*exec.ExitError)(nil); errors.As(err, &failed) {
		t.Fatalf("%s: %v\n%s", c.Path, err, failed.Stderr)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, out); err != nil {
		t.Fatalf("%s: %v", c.Path, err)
	}
}
