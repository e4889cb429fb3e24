package flow

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"

	"hotlight/app/desk"
	"hotlight/project"
	"hotlight/project/definition"
	"hotlight/project/disk"
	"hotlight/project/keys"
	"hotlight/project/phantom"
)

// Phantom implements desk.House: the built-in study, computed once and kept beside the settings. With an open vault of a person who reads,
// it comes in a practice project of that person's own, so that it can be painted on; otherwise it is only looked at.
func (h *House) Phantom(ctx context.Context, progress desk.Progress) (desk.Found, error) {
	images, err := h.phantomImages(ctx, progress)
	if err != nil {
		return desk.Found{}, err
	}
	holder := h.unlocked()
	if holder == nil || !holder.Public().Role.Reads() {
		return OpenFolder(ctx, []string{images}, progress)
	}
	p, err := h.practiceProject(ctx, holder, images)
	if err != nil {
		return desk.Found{}, err
	}
	d := h.desk(p)
	items := d.Items()
	if len(items) == 0 {
		d.Close()
		return desk.Found{}, project.Errorf(project.Corrupt, "the practice project has no case")
	}
	c, err := d.Open(ctx, items[0].ID, progress)
	if err != nil {
		d.Close()
		return desk.Found{}, err
	}
	inner := c.Close
	c.Close = func() error {
		err := inner()
		if closing := d.Close(); err == nil {
			err = closing
		}
		return err
	}
	return desk.Found{Cases: []desk.Case{c}}, nil
}

// phantomImages computes the study into a temporary folder and names it when it is whole.
func (h *House) phantomImages(ctx context.Context, progress desk.Progress) (string, error) {
	dir := filepath.Join(h.dir, "practice", "images")
	if _, err := os.Stat(dir); err == nil {
		return dir, nil
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return "", fmt.Errorf("make the practice folder: %w", pathFree(err))
	}
	v, _, err := phantom.Compute(ctx, h.Practice, progress)
	if err != nil {
		return "", err
	}
	if err := roomForStudy(h.dir, v.Size); err != nil {
		return "", err
	}
	temporary, err := os.MkdirTemp(filepath.Dir(dir), ".images-")
	if err != nil {
		return "", fmt.Errorf("make the practice folder: %w", pathFree(err))
	}
	defer os.RemoveAll(temporary)
	if err := phantom.WriteDICOM(ctx, temporary, v, phantom.StudyOptions{Seed: h.Practice.Seed}); err != nil {
		return "", disk.Explain(err) // the folder goes
	}
	if err := os.Rename(temporary, dir); err != nil {
		return "", fmt.Errorf("name the practice folder: %w", pathFree(err))
	}
	return dir, nil
}

// practiceProject opens the person's practice project, or makes it. Its lead is made for it and forgotten at once: what is read there goes to
// nobody.
func (h *House) practiceProject(ctx context.Context, holder *keys.Holder, images string) (*Project, error) {
	p, err := openOrMakePractice(filepath.Join(h.dir, "practice", string(holder.ReaderID())), holder)
	if err != nil {
		return nil, err
	}
	// Also in a project that is there: making it may have been interrupted before its study was in it.
	items, err := p.Store.Items()
	if err == nil && len(items) == 0 {
		_, err = p.AddImages(ctx, []string{images}, nil)
	}
	if err != nil {
		p.Close()
		return nil, err
	}
	return p, nil
}

func openOrMakePractice(dir string, holder *keys.Holder) (*Project, error) {
	if IsProject(dir) {
		return OpenProject(dir, holder)
	}
	signed, err := practiceDefinition(holder.Public())
	if err != nil {
		return nil, err
	}
	return NewProject(dir, bytes.NewReader(signed.Marshal()), holder, "")
}

func practiceDefinition(me project.Reader) (*project.Envelope, error) {
	scratch, err := os.MkdirTemp("", "hotlight-practice-")
	if err != nil {
		return nil, fmt.Errorf("make the practice project: %w", pathFree(err))
	}
	defer os.RemoveAll(scratch)
	passphrase := randomPassphrase()
	vault := filepath.Join(scratch, "vault")
	if _, err := keys.Create(vault, keys.Profile{Name: "Practice", Role: project.Lead}, passphrase); err != nil {
		return nil, err
	}
	v, err := keys.Open(vault)
	if err != nil {
		return nil, err
	}
	lead, err := v.Unlock(passphrase)
	if err != nil {
		return nil, err
	}
	defer lead.Lock()
	def := demoDefinition("example.hotlight.practice", "Practice on the built-in phantom")
	def.Readers = []project.Reader{v.Public(), me}
	var file bytes.Buffer
	if err := definition.Write(&file, &def); err != nil {
		return nil, err
	}
	return signedDefinition(file.Bytes(), lead)
}
