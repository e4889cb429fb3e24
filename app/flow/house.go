package flow

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"hotlight/app/desk"
	"hotlight/project"
	"hotlight/project/atomicfile"
	"hotlight/project/keys"
	"hotlight/project/phantom"
)

// House is this installation: one person's vault, and what was opened lately. It implements desk.House.
type House struct {
	// Practice is the phantom that Phantom computes when it is not there yet; the zero value is the demo study.
	Practice phantom.Options

	dir   string // settings
	vault string // vault file

	mu     sync.Mutex
	holder *keys.Holder
	open   map[*Project]bool // their stores forget their keys when the vault locks
	idle   time.Duration
	onLock func()
}

// DefaultIdle is after how long without input the vault locks.
const DefaultIdle = 10 * time.Minute

// maxRecent is how many folders and projects are remembered.
const maxRecent = 8

// NewHouse returns the house whose settings lie in dir and whose vault is the file vault; empty means the person's configuration folder.
func NewHouse(dir, vault string) (*House, error) {
	if dir == "" {
		config, err := os.UserConfigDir()
		if err != nil {
			return nil, project.Errorf(project.NotFound, "this account has no configuration folder; set HOTLIGHT_VAULT")
		}
		dir = filepath.Join(config, "hotlight")
	}
	if vault == "" {
		vault = filepath.Join(dir, "vault.hlv")
	}
	return &House{dir: dir, vault: vault, idle: DefaultIdle, open: map[*Project]bool{}}, nil
}

// Person implements desk.House.
func (h *House) Person() (desk.Person, bool) {
	v, err := keys.Open(h.vault)
	if err != nil {
		return desk.Person{}, false
	}
	r := v.Public()
	return desk.Person{ID: r.ID, Name: r.Name, Role: r.Role}, true
}

// NewPerson implements desk.House.
func (h *House) NewPerson(ctx context.Context, name string, role project.Role, passphrase []byte) (string, error) {
	if err := os.MkdirAll(filepath.Dir(h.vault), 0o700); err != nil {
		return "", pathFree(err)
	}
	recovery, err := keys.Create(h.vault, keys.Profile{Name: name, Role: role}, passphrase)
	if err != nil {
		return "", err
	}
	return recovery, h.Unlock(ctx, passphrase)
}

// Unlock implements desk.House.
func (h *House) Unlock(_ context.Context, passphrase []byte) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.holder != nil {
		return h.holder.Unlock(passphrase)
	}
	v, err := keys.Open(h.vault)
	if err != nil {
		return err
	}
	holder, err := v.Unlock(passphrase)
	if err != nil {
		return err
	}
	h.adopt(holder)
	return nil
}

// Use gives the house a holder that is unlocked already: the demo's.
func (h *House) Use(holder *keys.Holder) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.adopt(holder)
}

func (h *House) adopt(holder *keys.Holder) {
	h.holder = holder
	holder.LockAfter(h.idle, func() {
		h.forget()
		h.mu.Lock()
		f := h.onLock
		h.mu.Unlock()
		if f != nil {
			f()
		}
	})
}

// Lock implements desk.House.
func (h *House) Lock() {
	if holder := h.unlocked(); holder != nil {
		holder.Lock()
		h.forget()
	}
}

// forget has every open store write what waits and overwrite its keys.
func (h *House) forget() {
	h.mu.Lock()
	var all []*Project
	for p := range h.open {
		all = append(all, p)
	}
	h.mu.Unlock()
	for _, p := range all {
		p.Store.Forget()
	}
}

// Locked implements desk.House.
func (h *House) Locked() bool { return h.unlocked() == nil }

// Touch implements desk.House.
func (h *House) Touch() {
	if holder := h.unlocked(); holder != nil {
		holder.Touch()
	}
}

// OnLock implements desk.House.
func (h *House) OnLock(f func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.onLock = f
}

// unlocked returns the holder, or nil while its keys are away.
func (h *House) unlocked() *keys.Holder {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.holder == nil || h.holder.Locked() {
		return nil
	}
	return h.holder
}

// OpenFolder implements desk.House.
func (h *House) OpenFolder(ctx context.Context, paths []string, progress desk.Progress) (desk.Found, error) {
	found, err := OpenFolder(ctx, paths, progress)
	if err == nil && len(paths) == 1 {
		h.remember(desk.Recent{Path: paths[0], Title: filepath.Base(paths[0])})
	}
	return found, err
}

// IsProject implements desk.House.
func (h *House) IsProject(path string) bool { return IsProject(path) }

// OpenProject implements desk.House.
func (h *House) OpenProject(_ context.Context, dir string) (desk.Desk, error) {
	holder := h.unlocked()
	if holder == nil {
		return nil, project.Errorf(project.Locked, "the vault is locked")
	}
	p, err := OpenProject(dir, holder)
	if err != nil {
		return nil, err
	}
	h.remember(desk.Recent{Path: dir, Title: p.Definition().Project.Title, Project: true})
	d := h.desk(p)
	if holder.Locked() { // while it was being opened, before it was among those that are told
		p.Store.Forget()
	}
	return d, nil
}

// desk keeps p among the projects that are told when the vault locks, until it is closed.
func (h *House) desk(p *Project) *Desk {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.open[p] = true
	p.Lately = h.folders
	d := NewDesk(p)
	d.closing = func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.open, p)
	}
	return d
}

// folders are those of Recent that are no projects.
func (h *House) folders() []string {
	var out []string
	for _, r := range h.Recent() {
		if !r.Project {
			out = append(out, r.Path)
		}
	}
	return out
}

func (h *House) recentFile() string { return filepath.Join(h.dir, "recent.json") }

// Recent implements desk.House. A list that cannot be read is an empty one: it is a convenience.
func (h *House) Recent() []desk.Recent {
	var all, there []desk.Recent
	raw, err := os.ReadFile(h.recentFile())
	if err != nil || json.Unmarshal(raw, &all) != nil {
		return nil
	}
	for _, r := range all {
		if _, err := os.Stat(r.Path); err == nil {
			there = append(there, r)
		}
	}
	return there
}

func (h *House) remember(r desk.Recent) {
	path, err := filepath.Abs(r.Path)
	if err != nil {
		return
	}
	r.Path = path
	all := slices.DeleteFunc(h.Recent(), func(o desk.Recent) bool { return o.Path == r.Path })
	all = append([]desk.Recent{r}, all...)
	raw, err := json.Marshal(all[:min(len(all), maxRecent)])
	if err != nil || os.MkdirAll(h.dir, 0o700) != nil {
		return
	}
	// A list of recent folders that cannot be written is not worth a message in the middle of opening one.
	_ = atomicfile.Write(h.recentFile(), raw, 0o600)
}
