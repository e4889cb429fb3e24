package ingest

import (
	"math"
	"reflect"
	"strings"
	"time"

	"hotlight/project"
	"hotlight/project/dcm"
	"hotlight/project/measure"
)

// SUVUnit is the unit of standardised uptake values by body weight.
const SUVUnit = "SUVbw"

// SUV says how the values of a PET image become standardised uptake values by body weight.
type SUV struct {
	Factor float64 // SUV = value in the image's unit x Factor; 0 where it cannot be had
	// Missing is why there is no factor, as a clause without patient data; empty where there is one.
	Missing string
}

// tracer is what one file of a PET series says about dose and decay.
type tracer struct {
	pet      measure.PET
	injected time.Time // zero where it is not said
	dated    bool      // the injection's date is said, not only its time of day
	series   time.Time // start of the series
	ge       time.Time // start of the scan, GE's own
	decayTo  time.Time // what an enhanced image is corrected to
	acquired time.Time
	// reference and duration place the acquisition of this frame in the scan (0054,1300) (0018,1242); 0 where they are not said.
	reference, duration time.Duration
	several             bool // more than one dose: which one counts is not said
}

// readTracer reads a PET file's header; other files have no tracer. unit is that of the rescaled values.
func (x *instance) readTracer(d *dcm.DataSet) {
	if x.modality != "PT" {
		return
	}
	doses := d.Items(dcm.RadiopharmaceuticalInformationSequence)
	dose := d.Item(dcm.RadiopharmaceuticalInformationSequence)
	t := &tracer{several: len(doses) > 1}
	t.pet = measure.PET{
		Units: text(d, dcm.Units), SUVType: text(d, dcm.SUVType), Corrected: d.Strings(dcm.CorrectedImage), DecayCorrection: text(d, dcm.DecayCorrection),
	}
	t.pet.WeightKG, _ = d.Float(dcm.PatientWeight)
	t.pet.DoseBq, _ = dose.Float(dcm.RadionuclideTotalDose)
	t.pet.HalfLife = seconds(dose, dcm.RadionuclideHalfLife, 1)
	t.pet.PhilipsSUV, _ = d.Float(privateTag(d, 0x7053, "Philips PET Private Group", 0x00))
	t.pet.PhilipsBqML, _ = d.Float(privateTag(d, 0x7053, "Philips PET Private Group", 0x09))
	t.reference, t.duration = seconds(d, tagFrameReferenceTime, 1e-3), seconds(d, dcm.ActualFrameDuration, 1e-3)
	t.readTimes(d, dose)
	t.readEnhanced(d)
	x.tracer = t
}

// readTimes reads when things happened. Where the date of one is missing it is that of the other, and the injection's is the scan's.
func (t *tracer) readTimes(d, dose *dcm.DataSet) {
	day := text(d, dcm.SeriesDate)
	if day == "" {
		day = text(d, dcm.AcquisitionDate)
	}
	if day == "" {
		day = "20000101" // times of one day still count
	}
	zone := text(d, dcm.TimezoneOffsetFromUTC)
	acquiredDay := text(d, dcm.AcquisitionDate)
	if acquiredDay == "" {
		acquiredDay = day
	}
	t.series = clock(day, text(d, dcm.SeriesTime))
	if t.acquired = clock(acquiredDay, text(d, dcm.AcquisitionTime)); t.acquired.IsZero() {
		t.acquired = moment(d, dcm.AcquisitionDateTime, zone)
	}
	t.ge = moment(d, privateTag(d, 0x0009, "GEMS_PETD_01", 0x0d), zone)
	if t.injected = moment(dose, dcm.RadiopharmaceuticalStartDateTime, zone); !t.injected.IsZero() {
		t.dated = true
		return
	}
	t.injected = clock(day, text(dose, dcm.RadiopharmaceuticalStartTime))
}

// readEnhanced reads what an Enhanced PET image (PS3.3 C.8.22) says in its own elements.
func (t *tracer) readEnhanced(d *dcm.DataSet) {
	if !d.Has(tagDecayCorrected) && !d.Has(tagAttenuationCorrected) {
		return
	}
	if text(d, tagAttenuationCorrected) == "YES" {
		t.pet.Corrected = append(t.pet.Corrected, "ATTN")
	}
	if text(d, tagDecayCorrected) == "YES" {
		t.pet.Corrected = append(t.pet.Corrected, "DECY")
		if t.decayTo = moment(d, tagDecayCorrectionDateTime, text(d, dcm.TimezoneOffsetFromUTC)); !t.decayTo.IsZero() {
			t.pet.DecayCorrection = "START"
		}
	}
}

// longLived is the half-life from which patients may be injected on an earlier day than that of the scan.
const longLived = 10 * time.Hour

// findSUV computes the factor of a PET image, or says what is missing.
func (m *Image) findSUV() {
	first := m.frames[0].of.tracer
	if first == nil || m.CanLoad() != nil {
		return
	}
	m.SUV = &SUV{}
	factor, err := m.suvFactor(first)
	if err != nil {
		m.SUV.Missing = err.Error()
		m.warn(project.WarnNoSUV, "No SUV: %s. Values are %s.", m.SUV.Missing, inUnit(m.Unit))
		return
	}
	m.SUV.Factor = factor
}

func inUnit(unit string) string {
	if unit == "" {
		return "as in the file, without a unit"
	}
	return "in " + unit + ", as in the file"
}

func (m *Image) suvFactor(first *tracer) (float64, error) {
	unsupported := func(text string) (float64, error) { return 0, project.Errorf(project.Unsupported, "%s", text) }
	earliest := first
	for _, f := range m.frames {
		t := f.of.tracer
		if t == nil || !reflect.DeepEqual(t.pet, first.pet) || !t.injected.Equal(first.injected) {
			return unsupported("the slices disagree on dose, weight or corrections")
		}
		if !t.acquired.IsZero() && (earliest.acquired.IsZero() || t.acquired.Before(earliest.acquired)) {
			earliest = t
		}
	}
	pet := first.pet
	if pet.Units == "" {
		pet.Units = m.Unit // enhanced images name it as the type of their rescale
	}
	if pet.DecayCorrection == "START" && (pet.Units == "BQML" || pet.Units == "CNTS" && pet.PhilipsSUV == 0) {
		if first.several {
			return unsupported("more than one dose was injected")
		}
		elapsed, missing := earliest.elapsed(pet.HalfLife)
		if missing != "" {
			return unsupported(missing)
		}
		pet.Elapsed = elapsed
	}
	return pet.SUVBodyWeight()
}

// elapsed is the time from the injection to the start of the scan, to which decay is corrected. t is the file acquired first.
func (t *tracer) elapsed(halfLife time.Duration) (d time.Duration, missing string) {
	scan := t.scanStart(halfLife)
	switch {
	case t.injected.IsZero():
		return 0, "the time of injection is missing"
	case scan.IsZero():
		return 0, "the time to which decay is corrected is not known"
	case !t.dated && halfLife >= longLived:
		return 0, "the date of injection is missing, and with this half-life it may be an earlier day"
	}
	d = scan.Sub(t.injected)
	if !t.dated { // only the time of day is known: the last such time before the scan, past midnight too
		if d %= 24 * time.Hour; d < 0 {
			d += 24 * time.Hour
		}
	}
	return d, ""
}

// scanStart is when the scan began: the start of the series, unless that lies after the first acquisition, as it does when a workstation wrote the
// series anew. Then GE's own element says it; otherwise it follows from the frame's place in the scan, decay within the frame included.
//
// Source: QIBA, FDG-PET/CT profile, vendor-neutral pseudo-code for SUV.
func (t *tracer) scanStart(halfLife time.Duration) time.Time {
	switch {
	case !t.decayTo.IsZero():
		return t.decayTo
	case !t.series.IsZero() && (t.acquired.IsZero() || !t.series.After(t.acquired)):
		return t.series
	case !t.ge.IsZero():
		return t.ge
	case t.acquired.IsZero() || t.reference <= 0 || t.duration <= 0 || halfLife <= 0:
		return time.Time{}
	}
	rate := math.Ln2 / halfLife.Seconds()
	decay := rate * t.duration.Seconds()
	average := math.Log(decay/(1-math.Exp(-decay))) / rate // when the count rate of the frame is its average
	return t.acquired.Add(-t.reference).Add(time.Duration(average * float64(time.Second)))
}

func seconds(d *dcm.DataSet, t dcm.Tag, unit float64) time.Duration {
	v, ok := d.Float(t)
	if v *= unit; !ok || !(v > 0) || v > 1e9 {
		return 0
	}
	return time.Duration(v * float64(time.Second))
}

// clock joins a date (YYYYMMDD) and a time (HHMMSS.FFFFFF, its end may be left out); zero where either is missing or wrong.
func clock(day, clock string) time.Time {
	day, clock = strings.ReplaceAll(day, ".", ""), strings.ReplaceAll(clock, ":", "")
	whole, fraction, _ := strings.Cut(clock, ".")
	if len(whole) != 2 && len(whole) != 4 && len(whole) != 6 {
		return time.Time{}
	}
	at, err := time.Parse("20060102150405", day+(whole + "0000")[:6])
	if err != nil {
		return time.Time{}
	}
	if fraction != "" {
		part, err := time.ParseDuration("0." + fraction + "s")
		if err != nil || part < 0 {
			return time.Time{}
		}
		at = at.Add(part)
	}
	return at
}

// moment reads a date with time (DT). One in another zone than the file's own (zone, as &ZZXX) is brought into that; where the file names no zone, all
// times of it are local to the scanner.
func moment(d *dcm.DataSet, t dcm.Tag, zone string) time.Time {
	v, own := text(d, t), ""
	if n := strings.IndexAny(v, "+-"); n >= 0 {
		v, own = v[:n], v[n:]
	}
	if len(v) < 10 {
		return time.Time{}
	}
	at := clock(v[:8], v[8:])
	here, err := time.Parse("-0700", zone)
	there, errOwn := time.Parse("-0700", own)
	if at.IsZero() || err != nil || errOwn != nil {
		return at
	}
	return at.Add(there.Sub(here))
}
