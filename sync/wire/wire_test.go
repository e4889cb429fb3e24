package wire

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"hotlight/project"
	"hotlight/project/audit"
	"hotlight/sync/bundle"
)

func TestAnErrorCrossesWithKindAndSentence(t *testing.T) {
	for kind := project.Invalid; kind <= project.Locked; kind++ {
		if kind == project.Offline {
			continue // a server never says it of itself
		}
		rec := httptest.NewRecorder()
		WriteProblem(rec, fmt.Errorf("while doing: %w", project.Errorf(kind, "the reason is %d", kind)))
		err := ReadProblem(rec.Result())
		if project.KindOf(err) != kind || !strings.Contains(err.Error(), fmt.Sprintf("the reason is %d", kind)) {
			t.Errorf("%v came back as %v", kind, err)
		}
	}
}

func TestWhatIsNotOursStaysAtHome(t *testing.T) {
	secret := "/srv/Jane Roe/index.db"
	for name, err := range map[string]error{
		"a path":        &os.PathError{Op: "open", Path: secret, Err: syscall.EACCES},
		"a plain error": errors.New(secret),
		"our own Other": project.Errorf(project.Other, "%s", secret),
	} {
		if p := ProblemOf(err); strings.Contains(string(Marshal(p)), "Jane") || p.Status != 500 {
			t.Errorf("%s: %+v", name, p)
		}
	}
	if p := ProblemOf(&os.PathError{Op: "write", Path: secret, Err: syscall.ENOSPC}); p.Kind != "full" {
		t.Errorf("a full disk: %+v", p)
	}
}

func TestAnAnswerWithoutAnExplanationStillHasAKind(t *testing.T) {
	for status, kind := range map[int]project.Kind{401: project.Locked, 404: project.NotFound, 429: project.Busy, 503: project.Busy, 500: project.Other, 302: project.Other} {
		rec := httptest.NewRecorder()
		rec.Code = status
		rec.Body = bytes.NewBufferString("<html>proxy</html>")
		if err := ReadProblem(rec.Result()); project.KindOf(err) != kind || err == nil {
			t.Errorf("%d: %v", status, err)
		}
	}
}

func TestMessagesHaveOneSpelling(t *testing.T) {
	good := string(Marshal(Commit{Bundle: project.HashOf(nil)}))
	var c Commit
	if err := Decode(strings.NewReader(good), 1000, &c); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{good + " ", " " + good, good + good, strings.Replace(good, "bundle", "Bundle", 1), strings.Replace(good, "{", `{"x":1,`, 1), "null", "", "[]", strings.ToUpper(good)} {
		if err := Decode(strings.NewReader(bad), 1000, &Commit{}); project.KindOf(err) != project.Invalid {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if err := Decode(strings.NewReader(good), 10, &c); project.KindOf(err) != project.Full {
		t.Errorf("beyond the limit: %v", err)
	}
}

// logs makes a log of n leaves and its signed checkpoint.
func logs(t testing.TB, n int) (ed25519.PublicKey, [][]byte, string) {
	t.Helper()
	seed := sha256.Sum256([]byte("log"))
	private := ed25519.NewKeyFromSeed(seed[:])
	public := private.Public().(ed25519.PublicKey)
	var leaves [][]byte
	tree := &hashes{}
	for i := range n {
		leaf := fmt.Appendf(nil, "leaf %d", i)
		more, err := tlog.StoredHashes(int64(i), leaf, tree)
		if err != nil {
			t.Fatal(err)
		}
		leaves, tree.all = append(leaves, leaf), append(tree.all, more...)
	}
	root, err := tlog.TreeHash(int64(n), tree)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := audit.NewSigner(public, func(text []byte) ([]byte, error) { return ed25519.Sign(private, text), nil })
	if err != nil {
		t.Fatal(err)
	}
	signed, err := audit.SignCheckpoint(audit.Checkpoint{Origin: "hotlight/x", Head: audit.Head{Size: int64(n), Root: project.Hash(root)}}, signer)
	if err != nil {
		t.Fatal(err)
	}
	return public, leaves, string(signed)
}

type hashes struct{ all []tlog.Hash }

func (h *hashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		out[i] = h.all[x]
	}
	return out, nil
}

func TestALogIsItsLeaves(t *testing.T) {
	for n := range 40 {
		key, leaves, signed := logs(t, n)
		if c, err := VerifyLog(key, "hotlight/x", signed, leaves); err != nil || c.Size != int64(n) {
			t.Fatalf("%d leaves: %v", n, err)
		}
		if _, err := VerifyLog(key, "hotlight/y", signed, leaves); err == nil {
			t.Error("another log's name is accepted")
		}
		if n > 1 {
			leaves[0], leaves[n-1] = leaves[n-1], leaves[0]
			if _, err := VerifyLog(key, "hotlight/x", signed, leaves); err == nil {
				t.Errorf("%d leaves in another order are accepted", n)
			}
			if _, err := VerifyLog(key, "hotlight/x", signed, leaves[1:]); err == nil {
				t.Error("a leaf too few is accepted")
			}
		}
	}
}

func TestAMediumIsWholeOrAbsent(t *testing.T) {
	dir := t.TempDir()
	m, err := OpenMedium(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	data := []byte("a sealed bundle")
	file := File{Bundle: project.HashOf(data), Size: int64(len(data))}
	if err := m.PutBlob(file, strings.NewReader("something else")); project.KindOf(err) != project.Corrupt {
		t.Errorf("something else under its name: %v", err)
	}
	if err := m.CheckBlob(file); project.KindOf(err) != project.Corrupt {
		t.Errorf("it is there: %v", err)
	}
	broken := errors.New("pulled out")
	if err := m.PutBlob(file, &failing{data, broken}); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	for range 2 {
		if err := m.PutBlob(file, bytes.NewReader(data)); err != nil {
			t.Fatal(err)
		}
	}
	stranger := filepath.Join(dir, "HOTLIGHT", "blob", "holiday.jpg")
	if err := os.WriteFile(stranger, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := m.Keep(map[project.Hash]bool{file.Bundle: true}); err != nil || m.CheckBlob(file) != nil {
		t.Errorf("keep: %v", err)
	}
	if err := m.Keep(nil); err != nil || m.CheckBlob(file) == nil {
		t.Errorf("keep nothing: %v", err)
	}
	if _, err := os.Stat(stranger); err != nil {
		t.Error("a file that is not ours was removed")
	}
	left, _ := filepath.Glob(filepath.Join(dir, "HOTLIGHT", "blob", "*", "*.tmp"))
	if len(left) > 0 {
		t.Error("temporary files were left")
	}
}

type failing struct {
	data []byte
	err  error
}

func (f *failing) Read(p []byte) (int, error) {
	if len(f.data) == 0 {
		return 0, f.err
	}
	n := copy(p, f.data)
	f.data = f.data[n:]
	return n, nil
}

// A link on a medium must not lead the program out of it.
func TestALinkOnAMediumLeadsNowhere(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "HOTLIGHT"), 0o700); err != nil {
		t.Fatal(err)
	}
	secret := filepath.Join(outside, "secret")
	if err := os.WriteFile(secret, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(secret, filepath.Join(dir, "HOTLIGHT", "courier.hlc")); err != nil {
		t.Skip("this file system has no links")
	}
	if err := os.Symlink(outside, filepath.Join(dir, "HOTLIGHT", "blob")); err != nil {
		t.Fatal(err)
	}
	m, err := OpenMedium(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	if b, err := m.Courier(); err == nil {
		t.Errorf("read %q", b)
	}
	if err := m.PutBlob(File{project.HashOf(nil), 0}, strings.NewReader("")); err == nil {
		t.Error("written through a link")
	}
	if left, _ := os.ReadDir(outside); len(left) != 1 {
		t.Error("something was written outside")
	}
}

func TestMediumThatIsNotThereOrCannotBeWritten(t *testing.T) {
	_, err := OpenMedium(filepath.Join(t.TempDir(), "Jane Roe"))
	if project.KindOf(err) != project.NotFound || strings.Contains(err.Error(), "Jane") {
		t.Errorf("got %v", err)
	}
	if err := mediumError(&os.PathError{Op: "open", Path: "Jane Roe", Err: syscall.EROFS}); project.KindOf(err) != project.NotPermitted || strings.Contains(err.Error(), "Jane") {
		t.Errorf("got %v", err)
	}
	if err := mediumError(&os.PathError{Op: "write", Path: "Jane Roe", Err: syscall.ENOSPC}); project.KindOf(err) != project.Full {
		t.Errorf("got %v", err)
	}
}

func seedReceipt() []byte {
	return (&Receipt{Project: "hjmyjgtgh3gsqhgmaevkkwko5e", Author: "spgh4rj5d6avcgw6pw7mo2d2we", Leaf: Marshal(Leaf{V: 1, Seq: 1, Kind: bundle.KindRead, Received: time.Unix(1.8e9, 0).UTC()}),
		Proof: []project.Hash{{1}}, Checkpoint: "hotlight/x\n1\n"}).Marshal()
}

// FuzzReceipt: nothing verifies that this key did not sign, and what parses has one spelling.
func FuzzReceipt(f *testing.F) {
	key, _, signed := logs(f, 3)
	f.Add(seedReceipt())
	f.Add([]byte(strings.Replace(string(seedReceipt()), "hotlight/x\\n1\\n", strings.ReplaceAll(signed, "\n", "\\n"), 1)))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := ParseReceipt(b)
		if err != nil {
			return
		}
		if !bytes.Equal(r.Marshal(), b) {
			t.Fatal("a receipt does not re-encode to the same bytes")
		}
		if _, err := r.Verify(key, r.Project, r.Author, project.Hash{}); err == nil {
			t.Fatal("a receipt was forged")
		}
	})
}

// FuzzMessages: every message, parsed as each kind.
func FuzzMessages(f *testing.F) {
	for _, v := range []any{Info{}, Challenge{}, Login{}, Session{}, Commit{}, Feed{}, LogPage{}, Leaf{}, ProjectLeaf{}, Courier{}, Answer{}} {
		f.Add(Marshal(v))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, v := range []any{&Info{}, &Challenge{}, &Login{}, &Session{}, &Commit{}, &Feed{}, &LogPage{}, &Leaf{}, &ProjectLeaf{}, &Courier{}, &Answer{}} {
			if err := Unmarshal(b, v); err == nil && !bytes.Equal(Marshal(v), b) {
				t.Fatalf("%T does not re-encode to the same bytes", v)
			}
		}
		ReadProblem(&http.Response{StatusCode: 500, Header: http.Header{"Content-Type": {ProblemType}}, Body: body{bytes.NewReader(b)}})
	})
}

type body struct{ *bytes.Reader }

func (body) Close() error { return nil }

// FuzzIndexes: what lies on a medium.
func FuzzIndexes(f *testing.F) {
	e := &project.Envelope{PayloadType: CourierType, Payload: Marshal(Courier{V: 1, Project: "hjmyjgtgh3gsqhgmaevkkwko5e", From: "spgh4rj5d6avcgw6pw7mo2d2we", Device: "noxj74e6fipl72e7pgmknl6t2q", Files: []File{}})}
	f.Add(e.Marshal())
	a := &project.Envelope{PayloadType: AnswerType, Payload: Marshal(Answer{V: 1}), Signatures: []project.Signature{{KeyID: "x", Sig: make([]byte, 64)}}}
	f.Add(a.Marshal())
	key, _, _ := logs(f, 1)
	f.Fuzz(func(t *testing.T, b []byte) {
		if c, e, err := ReadCourier(b); err == nil && (!bytes.Equal(e.Marshal(), b) || !bytes.Equal(Marshal(c), e.Payload)) {
			t.Fatal("a courier does not re-encode to the same bytes")
		}
		if _, err := OpenAnswer(b, key); err == nil {
			t.Fatal("an answer was forged")
		}
	})
}
