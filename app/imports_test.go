package main

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// rule says what the packages under a path may import of ours. The longest path that matches a package decides.
type rule struct {
	pkg     string   // import path under the module; it covers everything below it too
	allowed []string // packages; with "/..." everything below too; "." is the rule's own subtree
	reason  string
}

// rules are STYLE.md section 2. Test files obey them too, but may also import what testOnly lists.
var rules = []rule{
	{"app", []string{".", "viewer/...", "render/...", "project/...", "sync/...", "assets"}, "app is where everything meets"},
	{"app/flow", []string{".", "app/desk", "project/...", "sync/..."}, "flows run in tests and scripts: no viewer, no pixels"},
	{"app/cli", []string{".", "app/flow", "app/desk", "render/...", "project/...", "sync/..."}, "the command line works without a window"},
	{"app/desk", []string{".", "project", "project/volume", "project/edit"}, "what the window asks of the house is said in the house's words"},
	{"viewer", []string{".", "render/...", "project", "project/volume", "project/segmentation", "project/measure", "project/edit", "assets"},
		"the viewer edits through project/edit and never sees the store, the keys or the exchange"},
	{"viewer/tool", []string{".", "project", "project/volume", "project/segmentation", "project/measure", "project/edit"}, "tools are state machines over millimetres"},
	{"render", []string{".", "project", "project/volume", "project/segmentation", "assets"}, "render knows volumes and segmentations, nothing of windows or people"},
	{"sync", []string{".", "project", "project/audit"}, "the exchange moves sealed files and knows no pixels"},
	{"sync/cmd", []string{".", "sync/...", "project", "project/audit", "project/keys"}, "the server program"},
	{"project", []string{}, "the vocabulary imports the standard library only"},
	{"project/volume", []string{"project"}, "all coordinate mathematics stands on the vocabulary alone"},
	{"project/segmentation", []string{"project", "project/volume"}, "masks know their grid and nothing else"},
	{"project/edit", []string{"project", "project/volume", "project/segmentation"}, "changes are made to segments"},
	{"project/dcm", []string{".", "project"}, "reading foreign bytes depends on nothing that could be wrong"},
	{"project/dcm/dcmtest", []string{}, "damage for tests knows bytes and nothing of ours"},
	{"project/dcm/internal/jpegstream", []string{}, "what the JPEG codecs share knows streams and nothing of ours"},
	{"project/dcm/internal/jpegtest", []string{"project/dcm/internal/jpegstream"}, "the suite of the JPEG codecs knows what they share"},
	{"project/dcm/rle", []string{}, "a codec imports nothing of ours"},
	{"project/dcm/jpegll", []string{"project/dcm/internal/jpegstream"}, "a codec imports nothing of ours but the parts that the JPEG codecs share"},
	{"project/dcm/jpegls", []string{"project/dcm/internal/jpegstream"}, "a codec imports nothing of ours but the parts that the JPEG codecs share"},
	{"project/dcm/jpeg", []string{"project/dcm/internal/jpegstream"}, "a codec imports nothing of ours but the parts that the JPEG codecs share"},
	{"project/dcm/jpeg2000", []string{"."}, "a codec imports nothing of ours but its own parts"},
	{"project/ingest", []string{".", "project", "project/volume", "project/dcm", "project/measure"}, "ingest joins dcm and volume, and asks measure what a PET value is worth"},
	{"project/export", []string{".", "project", "project/volume", "project/segmentation", "project/dcm", "project/disk"}, "export writes what others read"},
	{"project/phantom", []string{".", "project", "project/volume", "project/segmentation", "project/dcm"}, "the phantom is written as DICOM"},
	{"project/expr", []string{"project"}, "a closed language reaches nothing"},
	{"project/definition", []string{"project", "project/expr", "project/metrics"}, "the project file is read into the vocabulary, and names metrics that exist"},
	{"project/panel", []string{".", "project", "project/volume", "project/segmentation", "project/expr", "project/distance", "project/metrics"}, "consensus needs what was read and the rule, and nobody's store or window"},
	{"project/keys", []string{".", "project"}, "keys know no work"},
	{"project/audit", []string{".", "project"}, "the log knows no work"},
	{"project/store", []string{".", "project", "project/volume", "project/segmentation", "project/edit", "project/keys", "project/audit", "project/disk", "sync/client"},
		"the store keeps what edit makes and implements the client's Outbox"},
	{"project/measure", []string{"project", "project/volume"}, "measurements stand on points in the patient"},
	{"project/distance", []string{"project", "project/segmentation"}, "millimetres between voxels, and nothing of what they mean"},
	{"project/metrics", []string{"project", "project/volume", "project/segmentation", "project/distance"}, "numbers and masks in, numbers out"},
	{"project/selftest", []string{"project", "project/volume", "project/segmentation", "project/metrics", "project/panel", "project/measure", "project/export"},
		"the self-test repeats what the program computes, with the program's own functions"},
	{"project/report", []string{"project", "project/volume", "project/segmentation", "project/definition", "project/export", "project/ingest", "project/metrics", "project/panel", "project/selftest"},
		"the report is made of reads, metrics and the panel's rules, and knows no store, keys or window"},
	{"project/disk", []string{"project"}, "room on a disk is asked for in bytes, whatever they mean"},
	{"project/atomicfile", []string{}, "writing a file whole is nobody's domain"},
	{"assets", []string{}, "bytes out"},
	{"bench", []string{".", "app/flow", "app/cli", "render/...", "project/...", "sync/..."}, "measures everything that needs no window"},
	{"scripts", []string{}, "tools of the house"},
}

// testOnly is what test files may import beyond their package's rule: data makers and neighbours that a law needs.
var testOnly = []string{"project/...", "assets", "sync/...", "render/...", "app/flow", "app/cli"}

// everywhere is what any package but the vocabulary and the codecs may import: a tool without a domain.
const everywhere = "project/atomicfile"

// libraries have one owner too.
var libraries = []rule{
	{"fyne.io/fyne/v2", []string{"app", "viewer"}, "Fyne stays where the window is"},
	{"github.com/suyashkumar/dicom", []string{"project/dcm"}, "one package knows the DICOM library"},
	{"go.etcd.io/bbolt", []string{"project/store", "sync/server"}, "one store on each side knows bbolt"},
	{"filippo.io/age", []string{"project/keys", "sync/bundle", "project/store"}, "age is for keys and sealed payloads"},
	{"gonum.org/v1/gonum", []string{"project/metrics", "project/report"}, "statistics have one home"},
	{"github.com/goccy/go-yaml", []string{"project/definition"}, "one package knows YAML"},
	{"github.com/alecthomas/kong", []string{"app/cli", "sync/cmd"}, "flags belong to the programs"},
}

var fyneFree = []string{"viewer/tool", "app/flow", "app/cli", "app/desk"}

const module = "hotlight"

func TestImportsGoOneWay(t *testing.T) {
	root := moduleRoot(t)
	files := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && path != root || d.Name() == "out" || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") {
			return nil
		}
		files++
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		for _, complaint := range check(t, path, filepath.ToSlash(rel)) {
			t.Error(complaint)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 20 {
		t.Errorf("only %d Go files below %s: the test does not see the module", files, root)
	}
}

// check returns a line for each import of the file that breaks a rule.
func check(t *testing.T, path, rel string) []string {
	set := token.NewFileSet()
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return checkSource(set, rel, src)
}

func checkSource(set *token.FileSet, rel string, src []byte) (complaints []string) {
	f, err := parser.ParseFile(set, rel, src, parser.ImportsOnly)
	if err != nil {
		return []string{err.Error()}
	}
	pkg := "."
	if i := strings.LastIndex(rel, "/"); i >= 0 {
		pkg = rel[:i]
	}
	for _, spec := range f.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		if why := broken(pkg, imported, strings.HasSuffix(rel, "_test.go")); why != "" {
			complaints = append(complaints, fmt.Sprintf("%s: %s may not import %s: %s", set.Position(spec.Pos()), pkg, imported, why))
		}
	}
	return complaints
}

// broken returns the reason why pkg may not import imported, or nothing.
func broken(pkg, imported string, isTest bool) string {
	if ours, ok := strings.CutPrefix(imported, module+"/"); ok {
		return brokenOurs(pkg, ours, isTest)
	}
	for _, l := range libraries {
		if !under(imported, l.pkg) {
			continue
		}
		if !underAny(pkg, l.allowed) && !isTest || l.pkg == "fyne.io/fyne/v2" && underAny(pkg, fyneFree) {
			return l.reason
		}
	}
	if pkg == "project" && strings.Contains(strings.Split(imported, "/")[0], ".") {
		return "project imports the standard library only"
	}
	return ""
}

func brokenOurs(pkg, ours string, isTest bool) string {
	r, ok := ruleFor(pkg)
	if !ok {
		return "the package has no rule yet: add it to the list, with its reason"
	}
	if ours == everywhere && len(r.allowed) > 0 {
		return ""
	}
	if ours == pkg || isTest && anyMatches(testOnly, r, ours) || anyMatches(r.allowed, r, ours) {
		return ""
	}
	return r.reason
}

func anyMatches(allowed []string, r rule, ours string) bool {
	for _, a := range allowed {
		subtree, whole := strings.CutSuffix(a, "/...")
		if a == ours || whole && under(ours, subtree) || a == "." && under(ours, r.pkg) {
			return true
		}
	}
	return false
}

func ruleFor(pkg string) (best rule, found bool) {
	for _, r := range rules {
		if under(pkg, r.pkg) && len(r.pkg) >= len(best.pkg) {
			best, found = r, true
		}
	}
	return best, found
}

func under(path, prefix string) bool { return path == prefix || strings.HasPrefix(path, prefix+"/") }

func underAny(path string, prefixes []string) bool {
	for _, p := range prefixes {
		if under(path, p) {
			return true
		}
	}
	return false
}

func moduleRoot(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = parent
	}
}

// The test would be worth nothing if it could not fail.
func TestABrokenImportIsNamed(t *testing.T) {
	for _, c := range []struct{ file, imported, want string }{
		{"viewer/pane/a.go", "hotlight/project/store", "never sees the store"},
		{"viewer/a.go", "hotlight/app/flow", "never sees the store"},
		{"viewer/tool/a.go", "fyne.io/fyne/v2", "Fyne stays"},
		{"app/flow/a.go", "hotlight/viewer", "no viewer"},
		{"app/cli/a.go", "fyne.io/fyne/v2/widget", "Fyne stays"},
		{"render/soft/a.go", "hotlight/project/edit", "nothing of windows"},
		{"sync/server/a.go", "hotlight/project/keys", "knows no pixels"},
		{"sync/bundle/a.go", "hotlight/project/segmentation", "knows no pixels"},
		{"project/a.go", "github.com/go-gl/mathgl/mgl64", "standard library only"},
		{"project/a.go", "hotlight/project/volume", "standard library only"},
		{"project/volume/a.go", "hotlight/project/dcm", "vocabulary alone"},
		{"project/dcm/rle/a.go", "hotlight/project", "nothing of ours"},
		{"project/edit/a.go", "go.etcd.io/bbolt", "bbolt"},
		{"newpackage/a.go", "hotlight/project", "no rule yet"},
	} {
		src := "package a\n\nimport _ \"" + c.imported + "\"\n"
		got := checkSource(token.NewFileSet(), c.file, []byte(src))
		if len(got) != 1 || !strings.Contains(got[0], c.want) || !strings.Contains(got[0], c.file+":3:") {
			t.Errorf("%s importing %s: got %q, want the line and %q", c.file, c.imported, got, c.want)
		}
	}
	for _, ok := range [][2]string{{"app/a.go", "hotlight/project/store"}, {"app/flow/a.go", "hotlight/sync/client"}, {"sync/cmd/hotlightd/a.go", "hotlight/project/keys"},
		{"viewer/viewport/a.go", "hotlight/render/soft"}, {"project/store/a.go", "go.etcd.io/bbolt"}, {"render/a.go", "hotlight/project/segmentation"}} {
		if got := checkSource(token.NewFileSet(), ok[0], []byte("package a\n\nimport _ \""+ok[1]+"\"\n")); len(got) != 0 {
			t.Errorf("%v is refused: %v", ok, got)
		}
	}
}
