package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"hotlight/project"
	"hotlight/sync/bundle"
)

// readObjects are the masks of a read of ten livers, all different: what one bundle carries, and what restic is given.
func readObjects(size, mask string) ([][]byte, error) {
	n, _, err := gridOf(size, "1x1x1")
	if err != nil {
		return nil, err
	}
	liver, err := readMask(mask+".mask", n)
	if err != nil {
		return nil, err
	}
	var out [][]byte
	for k := range 10 {
		out = append(out, marked(liver, k).Marshal())
	}
	return out, nil
}

// sealRead: sign is done; the read's masks and its envelope are compressed, encrypted to three recipients, signed and synced to a file.
func sealRead(args []string) (operation, error) {
	objects, err := readObjects(args[0], args[1])
	if err != nil {
		return nil, err
	}
	people, err := newTeam(args[2])
	if err != nil {
		return nil, err
	}
	trust, err := bundle.NewTrust(people.definition)
	if err != nil {
		return nil, err
	}
	draft, err := people.draft(trust, objects)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(args[2], "read.hlb")
	return func() ([]float64, string, error) {
		var size int64
		seconds, err := timed(1, func() error {
			f, err := os.Create(path)
			if err != nil {
				return err
			}
			sealed, err := bundle.Seal(f, trust, people.reader, draft)
			if err != nil {
				return errors.Join(err, f.Close())
			}
			size = sealed.Size
			return errors.Join(f.Sync(), f.Close())
		})
		return seconds, fmt.Sprintf("%d bytes", size), err
	}, nil
}

func (t *team) draft(trust *bundle.Trust, masks [][]byte) (bundle.Draft, error) {
	read := project.SignedRead{
		ReadID: "read", Project: t.parsed.Project.ID, Definition: trust.Roster.Definition, Item: t.item(), Study: benchStudy,
		Signature: project.Manifest{PrintedName: "Bench Reader", Reader: t.reader.ReaderID(), Device: t.reader.DeviceID(), Role: project.Radiologist,
			Meaning: project.Authorship, Statement: "I read these images independently.", SignedAt: now, Program: "bench"},
	}
	d := bundle.Draft{Kind: bundle.KindRead, Item: read.Item, Seq: 1, Created: now, Program: "bench"}
	for n, m := range masks {
		read.Segments = append(read.Segments, project.SignedMask{Number: n + 1, Class: "liver", Name: "Liver", Object: project.HashOf(m)})
		d.Objects = append(d.Objects, bundle.Object{Kind: bundle.ObjectMask, Media: "application/vnd.hotlight.bricks", Data: m})
	}
	body, err := json.Marshal(read)
	if err != nil {
		return d, err
	}
	if err := t.reader.Confirm(passphrase); err != nil { // as for every signature
		return d, err
	}
	e, err := project.SignEnvelope(project.SignedReadType, body, t.reader.Person())
	if err != nil {
		return d, err
	}
	d.Objects = append([]bundle.Object{{Kind: bundle.ObjectRead, Media: project.SignedReadType, Data: e.Marshal()}}, d.Objects...)
	return d, nil
}

// resticBackup drives restic: the same objects as files into a fresh repository, whose making is not counted.
func resticBackup(args []string) (operation, error) {
	objects, err := readObjects(args[0], args[1])
	if err != nil {
		return nil, err
	}
	files, repository := filepath.Join(args[2], "files"), filepath.Join(args[2], "repository")
	if err := os.MkdirAll(files, 0o755); err != nil {
		return nil, err
	}
	for n, b := range objects {
		if err := os.WriteFile(filepath.Join(files, fmt.Sprint(n)), b, 0o644); err != nil {
			return nil, err
		}
	}
	restic := func(args ...string) error {
		c := exec.Command("restic", append([]string{"-q", "--no-cache", "-r", repository}, args...)...)
		c.Env = append(os.Environ(), "RESTIC_PASSWORD=bench")
		c.Stderr = os.Stderr
		return c.Run()
	}
	return func() ([]float64, string, error) {
		if err := errors.Join(os.RemoveAll(repository), restic("init")); err != nil {
			return nil, "", err
		}
		start := time.Now()
		err := restic("backup", files)
		return []float64{time.Since(start).Seconds()}, "", err
	}, nil
}
