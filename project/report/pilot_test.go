package report

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"testing"
)

// TestPilot is the scripted pilot: what the report says of eight phantoms is what loops over their voxels say, and the weakness of each reader stands in it.
func TestPilot(t *testing.T) {
	p := makePilot(t, os.Getenv("HOTLIGHT_PILOT_IMAGES") != "")
	in, err := Load(context.Background(), p.dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Build(context.Background(), in, Options{Program: "Hotlight test", Date: os.Getenv("HOTLIGHT_PILOT_DATE")})
	if err != nil {
		t.Fatal(err)
	}
	if out := os.Getenv("HOTLIGHT_PILOT_OUT"); out != "" { // to look at it
		if _, err := r.Write(out, Formats); err != nil {
			t.Fatal(err)
		}
	}
	c := &pilotCheck{T: t, p: p, r: r}
	t.Run("Dice and volumes equal loops over voxels", c.masks)
	t.Run("lesions found and false marks equal counts", c.lesions)
	t.Run("kappa, AUC, bias and minutes equal their formulas", c.labels)
	t.Run("each reader's weakness is visible", c.weaknesses)
	t.Run("eight studies give intervals and no verdict", c.noVerdict)
	t.Run("HTML, CSV and JSON say the same", func(t *testing.T) { sameNumbers(t, r) })
	t.Run("the same input gives the same bytes", func(t *testing.T) { sameBytes(t, p.dir, r) })
}

type pilotCheck struct {
	*testing.T
	p *pilot
	r *Report
}

// value is one study's figure as studies.csv has it.
func (c *pilotCheck) value(t *testing.T, study, class, metric, who string) float64 {
	t.Helper()
	for _, v := range c.r.Values {
		if v.Study == study && v.Subject == class && v.Metric == metric && v.Comparison == who {
			return v.Result.Value
		}
	}
	t.Fatalf("no value %s %s %s %s", study, class, metric, who)
	return 0
}

func (c *pilotCheck) want(t *testing.T, id string, want float64) {
	t.Helper()
	n := c.r.Number(id)
	if n == nil {
		t.Fatalf("no number %s", id)
	}
	if !n.Defined() || math.Abs(n.Value-want) > 1e-9 {
		t.Errorf("%s = %v (%s), counted independently %v", id, n.Value, n.Status, want)
	}
}

// diceByLoop counts voxels one by one.
func diceByLoop(a, b []bool) float64 {
	both, sum := 0, 0
	for n := range a {
		if a[n] && b[n] {
			both++
		}
		if a[n] {
			sum++
		}
		if b[n] {
			sum++
		}
	}
	return 2 * float64(both) / float64(sum)
}

func all(d drawing) []bool {
	out := make([]bool, len(d.liver))
	for _, l := range d.lesions {
		for n, set := range l {
			out[n] = out[n] || set
		}
	}
	return out
}

func plainMedian(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	return (v[(len(v)-1)/2] + v[len(v)/2]) / 2
}

func (c *pilotCheck) masks(t *testing.T) {
	pairs := [][2]string{{"shift", "misser"}, {"shift", "caller"}, {"misser", "caller"}}
	for _, class := range []string{"liver", "mass"} {
		of := func(d drawing) []bool {
			if class == "liver" {
				return d.liver
			}
			return all(d)
		}
		var means []float64
		for _, s := range c.p.studies {
			mean := 0.0
			for _, pair := range pairs {
				d := diceByLoop(of(s.reads[pair[0]]), of(s.reads[pair[1]]))
				mean += d / 3
				if got := c.value(t, s.id, class, "dice", pair[0]+":"+pair[1]); math.Abs(got-d) > 1e-12 {
					t.Errorf("%s %s Dice of %v: %v, by loop %v", s.id, class, pair, got, d)
				}
			}
			means = append(means, mean)
		}
		c.want(t, "masks/"+class+"/dice/median/all_pairs", plainMedian(means))
		sum := 0.0
		for _, v := range means {
			sum += v / float64(len(means))
		}
		c.want(t, "masks/"+class+"/dice/mean/all_pairs", sum)
		for _, reader := range pilotReaders {
			var truth, ml []float64
			for _, s := range c.p.studies {
				truth = append(truth, diceByLoop(of(s.reads[reader]), of(s.truth)))
				ml = append(ml, float64(voxels(of(s.reads[reader]))-voxels(of(s.truth)))*s.voxelMM3()/1000)
			}
			c.want(t, "masks/"+class+"/dice/median/"+reader+":phantom", plainMedian(truth))
			if class == "liver" {
				c.wantNear(t, "masks/liver/volume_diff_ml/median/"+reader+":phantom", plainMedian(ml))
			}
		}
	}
}

// wantNear allows for the geometry's way through the file's float32.
func (c *pilotCheck) wantNear(t *testing.T, id string, want float64) {
	t.Helper()
	n := c.r.Number(id)
	if n != nil && n.Defined() && math.Abs(n.Value-want) < 1e-5*(1+math.Abs(want)) {
		return
	}
	c.want(t, id, want)
}

// overlaps is the project's rule by loop: |A∩B|/|A∪B| of 0.1 or more.
func overlaps(a, b []bool) bool {
	both, either := 0, 0
	for n := range a {
		if a[n] && b[n] {
			both++
		}
		if a[n] || b[n] {
			either++
		}
	}
	return 10*both >= either
}

func (c *pilotCheck) lesions(t *testing.T) {
	for _, reader := range pilotReaders {
		found, lesions, wrong := 0, 0, 0
		small, smalls := 0, 0
		for _, s := range c.p.studies {
			d := s.reads[reader]
			for k, l := range s.truth.lesions {
				lesions++
				hit := d.lesions[k] != nil && overlaps(d.lesions[k], l)
				if hit {
					found++
				} else if d.lesions[k] != nil {
					wrong++ // displaced so far that it hits nothing
				}
				if mm := s.diameter(l); mm >= 10 && mm < 20 {
					smalls++
					if hit {
						small++
					}
				}
			}
			wrong += len(d.lesions) - len(s.truth.lesions)
		}
		base := "lesions/mass/"
		c.want(t, base+"lesions/"+reader+":phantom", float64(lesions))
		c.want(t, base+"lesion_sensitivity/"+reader+":phantom", float64(found)/float64(lesions))
		c.want(t, base+"fp_per_study/"+reader+":phantom", float64(wrong)/float64(len(c.p.studies)))
		c.want(t, base+"lesion_sensitivity/"+reader+":phantom/size=10_to_20mm", float64(small)/float64(smalls))
	}
}

func (c *pilotCheck) labels(t *testing.T) {
	kappa := 0.0
	for n, a := range pilotReaders {
		for _, b := range pilotReaders[n+1:] {
			kappa += c.kappa(a, b) / 3
		}
	}
	c.want(t, "form/suspicion/weighted_kappa_quadratic/all_readers", kappa)
	for n, reader := range pilotReaders {
		wins, pairs := 0.0, 0
		var minutes []float64
		for _, x := range c.p.studies {
			minutes = append(minutes, x.minutes[reader])
			for _, y := range c.p.studies {
				if !x.cancer || y.cancer {
					continue
				}
				pairs++
				switch {
				case x.score[reader] > y.score[reader]:
					wins++
				case x.score[reader] == y.score[reader]:
					wins += 0.5
				}
			}
		}
		c.want(t, "roc/cancer.suspicion/auc/"+reader, wins/float64(pairs))
		c.want(t, "effort/minutes/median/"+reader, plainMedian(minutes))
		c.want(t, "effort/hours/"+reader, float64(8*8+28+8*3*n)/60)
	}
	var sum float64
	things := 0
	for _, s := range c.p.studies {
		for k := range 2 {
			a, hasA := s.targets["misser"][k]
			b, hasB := s.targets["caller"][k]
			if hasA && hasB && overlaps(s.reads["misser"].lesions[k], s.reads["caller"].lesions[k]) {
				sum += a - b
				things++
			}
		}
	}
	c.want(t, "measurements/target/bias/misser:caller", sum/float64(things))
	if n := c.r.Number("measurements/target/bias/misser:caller"); n.N != things {
		t.Errorf("the bias stands on %d things, not %d", n.N, things)
	}
}

// kappa is the quadratically weighted kappa of five levels, straight from its definition.
func (c *pilotCheck) kappa(a, b string) float64 {
	var observed, expected float64
	n := float64(len(c.p.studies))
	for _, x := range c.p.studies {
		d := float64(x.score[a] - x.score[b])
		observed += d * d / n
		for _, y := range c.p.studies {
			d := float64(x.score[a] - y.score[b])
			expected += d * d / (n * n)
		}
	}
	return 1 - observed/expected
}

func (c *pilotCheck) weaknesses(t *testing.T) {
	of := func(format, reader string) float64 { return c.r.Number(fmt.Sprintf(format, reader)).Value }
	for _, other := range []string{"misser", "caller"} {
		for _, metric := range []string{"dice", "nsd"} {
			id := "masks/liver/" + metric + "/median/%s:phantom"
			if !(of(id, "shift") < of(id, other)) {
				t.Errorf("who shifts borders does not have the lowest %s of the liver: %v, %s %v", metric, of(id, "shift"), other, of(id, other))
			}
		}
	}
	small, wrong := "lesions/mass/lesion_sensitivity/%s:phantom/size=10_to_20mm", "lesions/mass/fp_per_study/%s:phantom"
	for _, other := range []string{"shift", "caller"} {
		if !(of(small, "misser") < of(small, other)) {
			t.Errorf("who misses small lesions does not have the lowest sensitivity for them: %v, %s %v", of(small, "misser"), other, of(small, other))
		}
	}
	for _, other := range []string{"shift", "misser"} {
		if !(of(wrong, "caller") > of(wrong, other)) {
			t.Errorf("who over-calls does not have the most false marks a study: %v, %s %v", of(wrong, "caller"), other, of(wrong, other))
		}
	}
	if got := of(small, "misser"); !(got > 0 && got < 0.5) {
		t.Errorf("sensitivity of the misser for small lesions: %v", got)
	}
}

func (c *pilotCheck) noVerdict(t *testing.T) {
	if c.r.Verdicts {
		t.Error("eight studies were judged")
	}
	for _, g := range c.r.Gates {
		if g.Verdict != NotJudged {
			t.Errorf("gate %v: %s", g.Gate, g.Verdict)
		}
	}
	if len(c.r.Gates) != 4 {
		t.Errorf("%d gates", len(c.r.Gates))
	}
	if n := c.r.Number("masks/liver/dice/median/all_pairs"); !(n.Interval.Low < n.Value && n.Value < n.Interval.High) || n.Patients != 7 {
		t.Errorf("interval %v around %v of %d patients", n.Interval, n.Value, n.Patients)
	}
}

func sameBytes(t *testing.T, dir string, r *Report) {
	in, err := Load(context.Background(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Build(context.Background(), in, Options{Program: r.Program, Date: r.Date})
	if err != nil {
		t.Fatal(err)
	}
	for name, pair := range map[string][2]string{HTMLName: {written(t, r.WriteHTML), written(t, again.WriteHTML)}, JSONName: {written(t, r.WriteJSON), written(t, again.WriteJSON)},
		NumbersName: {written(t, r.WriteCSV), written(t, again.WriteCSV)}, ValuesName: {written(t, r.WriteValues), written(t, again.WriteValues)}} {
		if pair[0] != pair[1] {
			t.Errorf("%s differs between two runs", name)
		}
	}
}

func written(t *testing.T, write func(io.Writer) error) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
