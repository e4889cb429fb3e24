//go:build !nogui

package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"image"
	_ "image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// patience bounds every wait: a machine that is busy with other tests is slow, one that hangs is wrong.
const patience = 5 * time.Minute

// program is the workstation on a display of its own, driven with xdotool.
type program struct {
	t       *testing.T
	display string
	in      io.Writer
	reports chan report
	last    report
}

// startWindow starts an X server without a screen, and the workstation in it. furnish, if not nil, puts things into the house before.
func startWindow(t *testing.T, size string, furnish func(t *testing.T, house string), args ...string) *program {
	t.Helper()
	if testing.Short() {
		t.Skip("the real window takes a while; -short leaves it out")
	}
	for _, tool := range []string{"Xvfb", "xdotool"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not here, so there is no display to drive; apt-get install xvfb xdotool", tool)
		}
	}
	p := &program{t: t, display: startDisplay(t, size), reports: make(chan report, 1)}
	dir := t.TempDir()
	if furnish != nil {
		furnish(t, filepath.Join(dir, "house"))
	}
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), childEnv+"="+filepath.Join(dir, "house"), "DISPLAY="+p.display, "FYNE_SCALE=1", "HOTLIGHT_WINDOW="+size,
		"LANG=C.UTF-8", "XDG_RUNTIME_DIR="+dir, "XDG_CONFIG_HOME="+filepath.Join(dir, "config"), "WAYLAND_DISPLAY=")
	log := &strings.Builder{}
	cmd.Stderr = log
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p.in = in
	go p.listen(out)
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
		if t.Failed() {
			t.Logf("the program said: %s", log)
			t.Logf("the screen said: %s", strings.Join(p.last.Texts, " | "))
			t.Logf("the room said: %s", p.last.Room)
		}
	})
	p.wait("the window stands", func(r report) bool { return len(r.Texts) > 0 })
	p.focus()
	return p
}

// startDisplay starts Xvfb on a display that it picks itself.
func startDisplay(t *testing.T, size string) string {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	cmd := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", size+"x24", "-nolisten", "tcp")
	cmd.ExtraFiles = []*os.File{w}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	var number int
	if _, err := fmt.Fscan(r, &number); err != nil {
		t.Skipf("Xvfb does not start here: %v", err)
	}
	return fmt.Sprintf(":%d", number)
}

func (p *program) listen(out io.Reader) {
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var r report
		if body, ok := strings.CutPrefix(lines.Text(), "report "); ok && json.Unmarshal([]byte(body), &r) == nil {
			p.reports <- r
		}
	}
	close(p.reports)
}

// ask gets a report; find is a text whose place is wanted.
func (p *program) ask(find string) report {
	p.t.Helper()
	fmt.Fprintln(p.in, find)
	select {
	case r, ok := <-p.reports:
		if !ok {
			p.t.Fatal("the program ended")
		}
		p.last = r
		return r
	case <-time.After(patience):
		p.t.Fatal("the program does not answer")
	}
	return report{}
}

// wait asks until it is so. The program's answer is the clock; the pause only keeps the question from taking all of the interface thread.
func (p *program) wait(what string, so func(report) bool) report {
	p.t.Helper()
	return p.waitFinding("", what, so)
}

func (p *program) waitFinding(find, what string, so func(report) bool) report {
	p.t.Helper()
	for until := time.Now().Add(patience); time.Now().Before(until); time.Sleep(30 * time.Millisecond) {
		if r := p.ask(find); so(r) {
			return r
		}
	}
	p.t.Fatalf("not within %v: %s", patience, what)
	return report{}
}

// doubleClick clicks twice where the pointer is, until it had its effect. On a machine so busy that a frame comes between the two clicks the
// window takes them for single ones, and a person does it again.
func (p *program) doubleClick(what string, so func(report) bool) {
	p.t.Helper()
	for until := time.Now().Add(patience); time.Now().Before(until); {
		p.button("click", "--repeat", "2", "--delay", "30", "1")
		seen := p.ask("").Ticks
		for n := seen; n < seen+8; time.Sleep(30 * time.Millisecond) { // by then the window has seen both
			r := p.ask("")
			if so(r) {
				return
			}
			n = r.Ticks
		}
	}
	p.t.Fatalf("not within %v: %s", patience, what)
}

// waitFor waits for a text on screen that can be clicked.
func (p *program) waitFor(text string) report {
	p.t.Helper()
	return p.waitFinding(text, "the text "+text, func(r report) bool { return r.Found })
}

// click waits for a text and clicks it, once it stands still.
func (p *program) click(text string) {
	p.t.Helper()
	a := p.waitFor(text)
	for {
		b := p.waitFor(text)
		if a.X == b.X && a.Y == b.Y {
			break
		}
		a = b
	}
	p.move(int(a.X), int(a.Y))
	p.button("click", "1")
}

func (p *program) xdotool(args ...string) {
	p.t.Helper()
	cmd := exec.Command("xdotool", args...)
	cmd.Env = append(os.Environ(), "DISPLAY="+p.display)
	if out, err := cmd.CombinedOutput(); err != nil {
		p.t.Fatalf("xdotool %v: %v %s", args, err, out)
	}
}

// focus gives the window the keyboard: there is no window manager to do it.
func (p *program) focus() {
	p.t.Helper()
	p.xdotool("search", "--sync", "--name", "^Hotlight$", "windowfocus", "--sync")
}

// settled waits until the program has seen what was done so far.
func (p *program) settled() {
	p.t.Helper()
	start := p.ask("").Ticks
	p.wait("the program goes on", func(r report) bool { return r.Ticks >= start+2 })
}

func (p *program) move(x, y int) {
	p.t.Helper()
	p.xdotool("mousemove", fmt.Sprint(x), fmt.Sprint(y))
	p.settled()
}

func (p *program) button(args ...string) {
	p.t.Helper()
	p.xdotool(args...)
	p.settled()
}

func (p *program) key(name string) {
	p.t.Helper()
	p.xdotool("key", name)
	p.settled()
}

func (p *program) typeText(s string) {
	p.t.Helper()
	p.xdotool("type", "--delay", "5", s)
	p.settled()
}

// drag presses the left button, moves in steps, and releases.
func (p *program) drag(x0, y0, x1, y1 int) {
	p.t.Helper()
	p.move(x0, y0)
	p.button("mousedown", "1")
	for n := 1; n <= 6; n++ {
		p.move(x0+(x1-x0)*n/6, y0+(y1-y0)*n/6)
	}
	p.button("mouseup", "1")
}

// picture checks that the screen is dark where there is no image and not empty, and keeps it where HOTLIGHT_SCREENSHOTS says.
func (p *program) picture(name string) {
	p.t.Helper()
	if _, err := exec.LookPath("import"); err != nil {
		return // ImageMagick is not here; the rest of the test does not need it
	}
	dir := os.Getenv("HOTLIGHT_SCREENSHOTS")
	if dir == "" {
		dir = p.t.TempDir()
	}
	file := filepath.Join(dir, name+".png")
	p.ask("")
	cmd := exec.Command("import", "-silent", "-window", "root", file)
	cmd.Env = append(os.Environ(), "DISPLAY="+p.display)
	if out, err := cmd.CombinedOutput(); err != nil {
		p.t.Fatalf("import: %v %s", err, out)
	}
	f, err := os.Open(file)
	if err != nil {
		p.t.Fatal(err)
	}
	defer f.Close()
	img, _, err := image.Decode(f)
	if err != nil {
		p.t.Fatal(err)
	}
	checkDarkRoom(p.t, name, img)
}

// checkDarkRoom holds the chrome to the design: the bars at the top and at the foot are under 4 % of white on average, and something is drawn.
func checkDarkRoom(t *testing.T, name string, img image.Image) {
	t.Helper()
	b := img.Bounds()
	mean := func(r image.Rectangle) float64 {
		sum, n := 0.0, 0.0
		for y := r.Min.Y; y < r.Max.Y; y += 2 {
			for x := r.Min.X; x < r.Max.X; x += 2 {
				c, _, _, _ := img.At(x, y).RGBA()
				v := float64(c) / 0xffff
				sum += v * v // near enough to the display's own curve
				n++
			}
		}
		return sum / n
	}
	for part, r := range map[string]image.Rectangle{"top bar": image.Rect(0, 0, b.Dx(), 48), "status line": image.Rect(0, b.Dy()-32, b.Dx(), b.Dy())} {
		if m := mean(r); m > 0.04 || m == 0 {
			t.Errorf("%s: the %s has a mean luminance of %.1f %%", name, part, 100*m)
		}
	}
}

// sharedData finds the test data beside the repository.
func sharedData(t *testing.T, part string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for d := dir; d != filepath.Dir(d); d = filepath.Dir(d) {
		path := filepath.Join(d, "shared", "data", part)
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	t.Skip("the shared test data is not here")
	return ""
}
