package bundle

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"io"
	"slices"

	"filippo.io/age"

	"hotlight/project"
	"hotlight/project/audit"
)

// Verify checks everything about a bundle that needs no private key: BUNDLE.md section 6, steps 1 to 7. It reads the file twice at most
// and holds no more than its header in memory. r may be used by others at the same time.
//
// Errors have a project.Kind: Invalid (not a bundle), Unsupported (a version, suite or kind of the future), Corrupt (changed or cut),
// NotPermitted (this author may not send this), Conflict (out of order, or sealed under a roster that is not known yet), Full (limits).
func Verify(r io.ReaderAt, size int64, t *Trust) (*Verified, error) {
	o, err := readOutside(r, size)
	if err != nil {
		return nil, err
	}
	address, err := o.hashAll(r)
	if err != nil {
		return nil, err
	}
	v := &Verified{Address: address, Size: size, Route: *o.route}
	if err := v.findRoster(t); err != nil {
		return nil, err
	}
	if v.Author, err = authorOf(&v.Route, v.Roster, t, address); err != nil {
		return nil, err
	}
	if err := verifySigned(o.envelope, RouteType, v.Author.DeviceKey, v.Author.SigningKey); err != nil {
		return nil, err
	}
	if !slices.Equal(v.Route.To, addressees(v.Route.Kind, v.Author.ID, v.Roster)) {
		return nil, project.Errorf(project.NotPermitted, "the bundle is not addressed to exactly the people that its kind allows")
	}
	if err := checkCheckpoint(v.Route.Checkpoint, v.Author); err != nil {
		return nil, err
	}
	if err := o.checkStanzas(r, len(recipients(v.Route.Kind, v.Author, v.Roster))); err != nil {
		return nil, err
	}
	return v, checkSequence(&v.Route, address, t)
}

// VerifySignatures checks what can be checked of a bundle by somebody who knows nothing of its project: form, digests, and both signatures
// by the keys that the routing header carries, whose fingerprints it names as author and device. It says that the file is whole and who
// sealed it, by fingerprint; it does not say that this person may: that needs the roster, and Verify.
func VerifySignatures(r io.ReaderAt, size int64) (*Verified, error) {
	o, err := readOutside(r, size)
	if err != nil {
		return nil, err
	}
	address, err := o.hashAll(r)
	if err != nil {
		return nil, err
	}
	if err := verifySigned(o.envelope, RouteType, o.route.DeviceKey, o.route.FromKey); err != nil {
		return nil, err
	}
	return &Verified{Address: address, Size: size, Route: *o.route}, nil
}

// checkCheckpoint verifies that a quoted checkpoint of the author's audit log is signed by the author's device.
func checkCheckpoint(signed string, author Member) error {
	if signed == "" {
		return nil
	}
	v, err := audit.NewVerifier(author.DeviceKey)
	if err != nil {
		return err
	}
	_, err = audit.OpenAnyCheckpoint([]byte(signed), v)
	return err
}

// hashAll reads the whole file once, compares the payload with its digest and returns the digest of everything.
func (o *outside) hashAll(r io.ReaderAt) (project.Hash, error) {
	all, payload := sha256.New(), sha256.New()
	all.Write(o.raw[:])
	all.Write(o.header)
	n, err := io.CopyBuffer(io.MultiWriter(all, payload), struct{ io.Reader }{o.payload(r)}, make([]byte, 128<<10))
	if err != nil {
		return project.Hash{}, readError(err)
	}
	if uint64(n) != o.preamble.PayloadLen {
		return project.Hash{}, readError(io.ErrUnexpectedEOF)
	}
	if project.Hash(payload.Sum(nil)) != o.preamble.PayloadSHA256 {
		return project.Hash{}, project.Errorf(project.Corrupt, "the payload does not match its digest")
	}
	return project.Hash(all.Sum(nil)), nil
}

// hashFile returns the digest of all bytes of r.
func hashFile(r io.ReaderAt, size int64) (project.Hash, error) {
	sum := sha256.New()
	if _, err := io.Copy(sum, io.NewSectionReader(r, 0, size)); err != nil {
		return project.Hash{}, readError(err)
	}
	return project.Hash(sum.Sum(nil)), nil
}

// findRoster picks the roster that the bundle is checked against.
func (v *Verified) findRoster(t *Trust) error {
	if v.Route.Project != t.Roster.Project {
		return project.Errorf(project.NotPermitted, "the bundle belongs to another project")
	}
	if v.Route.Kind == KindDefinition {
		return v.findCarried(t)
	}
	if v.Route.RosterVersion > t.Roster.Version {
		return project.Errorf(project.Conflict, "the bundle was sealed under version %d of the project, known here is version %d: fetch the newer definition first",
			v.Route.RosterVersion, t.Roster.Version)
	}
	v.Roster = t.Roster
	if earlier := t.Earlier[v.Route.RosterVersion]; earlier != nil && v.Route.RosterVersion < t.Roster.Version {
		v.Roster = earlier
	}
	return nil
}

// findCarried takes the roster out of a definition bundle. An old one that is known already is checked against what is known.
func (v *Verified) findCarried(t *Trust) error {
	base := t.Roster
	if earlier := t.Earlier[v.Route.RosterVersion]; earlier != nil {
		base = earlier
	}
	carried, err := v.Route.openCarried(base)
	if err != nil {
		return err
	}
	v.Roster = carried
	if carried.Version >= t.Roster.Version {
		v.NewRoster = carried
	}
	return nil
}

// authorOf finds the author in roster and checks that they may send this. address is given when the bundle exists already.
func authorOf(r *Route, roster *Roster, t *Trust, address ...project.Hash) (Member, error) {
	author, ok := roster.Member(r.From)
	if !ok {
		return Member{}, project.Errorf(project.NotPermitted, "the author %s is not on the project's roster", short(r.From))
	}
	if err := maySend(r.Kind, author.Role); err != nil {
		return Member{}, err
	}
	if r.Device != author.Device() {
		return Member{}, project.Errorf(project.NotPermitted, "the bundle was sealed on a device that the roster does not list for %s", short(r.From))
	}
	newest, known := t.Roster.Member(r.From)
	if author.Revoked || !known || newest.Revoked {
		if len(address) == 0 || t.Witnessed == nil || !t.Witnessed(address[0]) {
			return Member{}, project.Errorf(project.NotPermitted, "the key of %s was revoked", short(r.From))
		}
	}
	return author, nil
}

// checkStanzas checks that the age file has want hybrid recipients and no other.
func (o *outside) checkStanzas(r io.ReaderAt, want int) error {
	found, err := o.countStanzas(r, int64(4096+2048*want))
	if err == nil && found != want {
		return project.Errorf(project.NotPermitted, "the payload is sealed to %d keys, the kind allows %d", found, want)
	}
	return err
}

// countStanzas counts the recipients in the age header, of which it reads at most limit bytes. All must be hybrid.
func (o *outside) countStanzas(r io.ReaderAt, limit int64) (int, error) {
	head, err := age.ExtractHeader(bufio.NewReader(io.LimitReader(o.payload(r), limit)))
	if err != nil {
		return 0, project.Errorf(project.Corrupt, "the payload is not an age file for the number of people that the kind allows")
	}
	found := 0
	for line := range bytes.Lines(head) {
		if !bytes.HasPrefix(line, []byte("-> ")) {
			continue
		}
		if !bytes.HasPrefix(line, []byte("-> mlkem768x25519 ")) {
			return 0, project.Errorf(project.NotPermitted, "the payload is sealed to a key of a kind that the format does not allow")
		}
		found++
	}
	return found, nil
}

// checkSequence compares with the last bundle known of this author. The last one itself passes again.
func checkSequence(r *Route, address project.Hash, t *Trust) error {
	if t.Last == nil {
		return nil
	}
	seq, last, ok := t.Last(r.From)
	if !ok || address == last {
		return nil
	}
	if r.Seq != seq+1 || r.Prev != last {
		return project.Errorf(project.Conflict, "the bundle has number %d of its author, number %d was expected next", r.Seq, seq+1)
	}
	return nil
}
