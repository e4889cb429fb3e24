package cli

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/term"

	"hotlight/project"
	"hotlight/project/keys"
)

// maxPassphrase bounds what is read of a passphrase file, in bytes.
const maxPassphrase = 4096

// passphrase gets the acting person's passphrase: from --passphrase-file, from HOTLIGHT_PASSPHRASE, or asked on the terminal.
func (s *session) passphrase(prompt string) ([]byte, error) {
	if s.flags.Passphrase != "" {
		return passphraseFromFile(s.flags.Passphrase)
	}
	if p, ok := os.LookupEnv("HOTLIGHT_PASSPHRASE"); ok {
		return []byte(p), nil
	}
	if s.terminal == nil {
		return nil, usage("no terminal to ask for the passphrase: give --passphrase-file or HOTLIGHT_PASSPHRASE")
	}
	fmt.Fprint(s.Err, prompt)
	defer fmt.Fprintln(s.Err)
	return s.typed(int(s.terminal.Fd()))
}

// typed reads a line without showing it. An interrupt ends it, with the terminal as it was.
func (s *session) typed(terminal int) ([]byte, error) {
	before, err := term.GetState(terminal)
	if err != nil {
		return nil, err
	}
	type answer struct {
		line []byte
		err  error
	}
	got := make(chan answer, 1)
	go func() {
		line, err := term.ReadPassword(terminal)
		got <- answer{line, err}
	}()
	select {
	case a := <-got:
		return a.line, a.err
	case <-s.ctx.Done():
		return nil, errors.Join(s.ctx.Err(), term.Restore(terminal, before))
	}
}

// newPassphrase asks twice on a terminal; a file or the environment is taken as given.
func (s *session) newPassphrase() ([]byte, error) {
	first, err := s.passphrase("New passphrase: ")
	if err != nil || s.flags.Passphrase != "" {
		return first, err
	}
	if _, given := os.LookupEnv("HOTLIGHT_PASSPHRASE"); given {
		return first, nil
	}
	second, err := s.passphrase("The same again: ")
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(first, second) {
		return nil, project.Errorf(project.Invalid, "the two passphrases differ; nothing was made")
	}
	return first, nil
}

func passphraseFromFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("passphrase file: %w", err)
	}
	defer f.Close()
	line, err := bufio.NewReaderSize(f, maxPassphrase).ReadSlice('\n')
	switch {
	case err == bufio.ErrBufferFull:
		return nil, project.Errorf(project.Invalid, "passphrase file: the first line is longer than %d bytes", maxPassphrase)
	case err != nil && err != io.EOF: // a last line may lack its end
		return nil, fmt.Errorf("passphrase file: %w", err)
	}
	return bytes.Clone(bytes.TrimRight(line, "\r\n")), nil
}

// holder opens and unlocks the acting person's vault.
func (s *session) holder() (*keys.Holder, error) {
	if s.flags.Vault == "" {
		return nil, usage("who acts? give --vault FILE or HOTLIGHT_VAULT")
	}
	v, err := keys.Open(s.flags.Vault)
	if err != nil {
		return nil, err
	}
	p, err := s.passphrase(fmt.Sprintf("Passphrase of %s: ", v.Public().Name))
	if err != nil {
		return nil, err
	}
	return v.Unlock(p)
}
