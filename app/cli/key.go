package cli

import (
	"fmt"
	"os"
	"strings"

	"hotlight/project"
	"hotlight/project/definition"
	"hotlight/project/keys"
)

type keyCommand struct {
	New     keyNewCommand     `cmd:"" help:"Make a person's keys and the vault that holds them. Prints the recovery key, once."`
	Show    keyShowCommand    `cmd:"" help:"The public part of a vault, as it goes into a project file."`
	Recover keyRecoverCommand `cmd:"" help:"Set a new passphrase with the recovery key (first line of standard input)."`
}

type keyNewCommand struct {
	Name string `required:"" help:"Printed name, as it will stand in signatures."`
	Role string `required:"" enum:"annotator,radiologist,adjudicator,lead" help:"annotator, radiologist, adjudicator or lead."`
}

func (c *keyNewCommand) Run(s *session) error {
	if s.flags.Vault == "" {
		return usage("where to? give --vault FILE")
	}
	passphrase, err := s.newPassphrase()
	if err != nil {
		return err
	}
	recovery, err := keys.Create(s.flags.Vault, keys.Profile{Name: c.Name, Role: project.Role(c.Role)}, passphrase)
	if err != nil {
		return err
	}
	if err := s.showNew(recovery); err != nil {
		os.Remove(s.flags.Vault) // nobody has seen its recovery key, and it opens nothing yet
		return err
	}
	return nil
}

func (s *session) showNew(recovery string) error {
	v, err := keys.Open(s.flags.Vault)
	if err != nil {
		return err
	}
	if s.json {
		return s.printJSON(struct {
			keyReport
			RecoveryKey string `json:"recovery_key"`
		}{reportKey(v.Public()), recovery})
	}
	s.note("Made the keys of %s. Write the recovery key down now: it is shown this once and kept nowhere.", project.ShortFingerprint(string(v.Public().ID)))
	_, err = fmt.Fprintln(s.Out, recovery)
	return err
}

type keyShowCommand struct{}

func (c *keyShowCommand) Run(s *session) error {
	if s.flags.Vault == "" {
		return usage("which? give --vault FILE")
	}
	v, err := keys.Open(s.flags.Vault)
	if err != nil {
		return err
	}
	if s.json {
		return s.printJSON(reportKey(v.Public()))
	}
	return definition.WriteReader(s.Out, v.Public())
}

type keyRecoverCommand struct{}

func (c *keyRecoverCommand) Run(s *session) error {
	if s.flags.Vault == "" {
		return usage("which? give --vault FILE")
	}
	v, err := keys.Open(s.flags.Vault)
	if err != nil {
		return err
	}
	var recovery string
	fmt.Fprint(s.Err, "Recovery key: ")
	if _, err := fmt.Fscanln(s.In, &recovery); err != nil {
		if s.ctx.Err() != nil {
			return s.ctx.Err()
		}
		return project.Errorf(project.Invalid, "no recovery key on standard input")
	}
	passphrase, err := s.newPassphrase()
	if err != nil {
		return err
	}
	if err := v.Recover(strings.TrimSpace(recovery), passphrase); err != nil || !s.json {
		return err
	}
	return s.printJSON(reportKey(v.Public()))
}

type keyReport struct {
	ID          project.ReaderID `json:"id"`
	Fingerprint string           `json:"fingerprint"`
	Name        string           `json:"name"`
	Role        project.Role     `json:"role"`
	SigningKey  []byte           `json:"signing_key"`
	DeviceKey   []byte           `json:"device_key"`
	Recipient   string           `json:"recipient"`
	Recovery    string           `json:"recovery"`
}

func reportKey(r project.Reader) keyReport {
	return keyReport{r.ID, project.ShortFingerprint(string(r.ID)), r.Name, r.Role, r.SigningKey, r.DeviceKey, r.Recipient, r.Recovery}
}
