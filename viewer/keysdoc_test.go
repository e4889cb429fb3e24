package viewer

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// docs/keyboard.md is made from the table of keys, so that it cannot lag behind. HOTLIGHT_UPDATE=1 writes it.
func TestKeyboardPageIsTheTable(t *testing.T) {
	var b strings.Builder
	b.WriteString("# Keys and mouse\n\nThis page is made from the table in viewer/bindings.go; in the program `?` shows the same sheet.\n")
	for _, g := range KeyGroups() {
		fmt.Fprintf(&b, "\n## %s\n\n| | |\n|---|---|\n", g.Name)
		for _, l := range g.Lines {
			fmt.Fprintf(&b, "| %s | %s |\n", strings.ReplaceAll(l.Keys, "|", "\\|"), l.Does)
		}
	}
	path := filepath.Join("..", "docs", "keyboard.md")
	if os.Getenv("HOTLIGHT_UPDATE") != "" {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil || string(got) != b.String() {
		t.Errorf("docs/keyboard.md is not what the table says (%v); run the test with HOTLIGHT_UPDATE=1", err)
	}
}
