package viewer

import (
	"context"
	"errors"
	"image"
	"sync"
	"time"

	"hotlight/project/volume"
	"hotlight/render"
	"hotlight/render/voi"
	"hotlight/viewer/control"
	"hotlight/viewer/hanging"
	"hotlight/viewer/pane"
	"hotlight/viewer/viewport"
)

// loading is one image on its way into memory.
type loading struct {
	from   *Loading
	cancel context.CancelFunc
	done   sync.WaitGroup
}

// open puts image n on screen.
func (r *Room) open(n int) {
	if n >= len(r.study.Images) {
		r.hang()
		return
	}
	if r.loading != nil {
		r.loading.cancel() // it ends by itself; what it still says is for an image that is gone
		r.loading = nil
	}
	r.cancelStroke()
	r.stopPlay()
	r.leaveStraight()
	r.verifying.stop()
	r.st.image, r.st.fileNext, r.volume = n, 0, nil
	r.rail.SetActive(n)
	m := r.image()
	r.st.cross = middleOf(m)
	r.st.layout = hanging.Layouts(r.subject())[0]
	r.pickSegmentHere()
	if m.Absent != "" {
		r.hang()
		r.showAll(false)
		return
	}
	// What is beside the new image must be small enough before the new one takes its memory.
	for _, gone := range r.kept.trim(n) {
		if r.study.Read != nil {
			r.study.Read.History.SetVolume(gone, nil)
		}
	}
	if v := r.kept.get(n); v != nil {
		r.volume = v
		r.hang()
		r.noteArrived()
		r.showAll(false)
		r.verify(n)
		return
	}
	r.load(n, m)
}

func middleOf(m *Image) volume.Point {
	g := m.Geometry
	x := volume.Index{}
	for a := range 3 {
		x[a] = float64((g.Size[a] - 1) / 2)
	}
	return g.ToPatient(x)
}

// load starts loading image n, the middle slice first.
func (r *Room) load(n int, m *Image) {
	ctx, cancel := context.WithCancel(context.Background())
	l := &loading{cancel: cancel}
	r.loading = l
	first := firstSlice(m.Geometry)
	loading, err := m.Load(ctx, first, r.progressOf(l))
	if err != nil {
		cancel()
		r.loading = nil
		m.Absent = sentence(err)
		r.hang()
		r.showAll(false)
		return
	}
	l.from = loading
	r.volume = loading.Volume
	r.hang()
	r.showAll(false)
	l.done.Add(1)
	go func() {
		defer l.done.Done()
		err := loading.Wait()
		control.OnMain(func() { r.loaded(l, n, loading, err) })
	}()
}

// progressOf returns what is told of the slices that came: it shows them at most ten times a second, but the first and the last at once.
func (r *Room) progressOf(l *loading) func(done, total int) {
	var mu sync.Mutex
	var last time.Time
	return func(done, total int) {
		mu.Lock()
		due := done <= 1 || done == total || time.Since(last) > 100*time.Millisecond
		if due {
			last = time.Now()
		}
		mu.Unlock()
		if due {
			control.OnMain(func() {
				if r.loading == l {
					r.arrived()
				}
			})
		}
	}
}

// coarse returns the first, coarse picture of the image on screen while the image itself is still to come; nil otherwise.
func (r *Room) coarse() *volume.Volume {
	l := r.loading
	if l == nil || l.from == nil || l.from.Coarse == nil || r.volume == nil || r.volume.Complete() {
		return nil
	}
	return l.from.Coarse()
}

// arrived shows slices that came since.
func (r *Room) arrived() {
	for _, v := range r.views {
		switch {
		case v.grey.opening:
			v.grey = r.firstGrey(v.hang)
		case v.grey.name == automatic && r.volume.Pixel != volume.RGB8: // chosen while not all values were there
			w := voi.Auto(r.volume)
			w.Invert, w.Presentation = v.grey.voi.Invert, v.grey.voi.Presentation
			v.grey.voi = w
		}
	}
	r.noteArrived()
	r.showAll(false)
}

func (r *Room) loaded(l *loading, n int, from *Loading, err error) {
	if r.loading != l {
		return
	}
	r.loading = nil
	if err != nil && !errors.Is(err, context.Canceled) {
		r.say(failure, "These images could not be read to the end: "+err.Error()+". What is shown is what there is.")
	}
	if err == nil {
		r.kept.put(n, from.Volume)
	}
	r.learn(n, from)
	r.arrived()
	r.kept.thumbnail(r, n, from.Volume)
	r.kept.others(r)
	r.verify(n)
}

// kept holds volumes that were on screen, so that going back costs nothing, and makes the thumbnails of those that were not.
type kept struct {
	volumes map[int]*volume.Volume
	order   []int
	pics    map[int]bool
	cancel  context.CancelFunc
	done    sync.WaitGroup
}

// keepBytes bounds what stays in memory beside the image on screen.
const keepBytes = 256 << 20

func (k *kept) get(n int) *volume.Volume { return k.volumes[n] }

// put keeps the volume of image n.
func (k *kept) put(n int, v *volume.Volume) {
	if k.volumes == nil {
		k.volumes = map[int]*volume.Volume{}
	}
	if k.volumes[n] == nil {
		k.order = append(k.order, n)
	}
	k.volumes[n] = v
}

// trim lets volumes go beside that of image n, the oldest first, until what stays is small enough. It returns the images whose volumes went.
func (k *kept) trim(n int) (gone []int) {
	total := 0
	for i := len(k.order) - 1; i >= 0; i-- {
		at := k.order[i]
		if at == n {
			continue
		}
		w := k.volumes[at]
		if total += w.Voxels() * w.Pixel.Bytes(); total > keepBytes {
			gone = append(gone, at)
			delete(k.volumes, at)
			k.order = append(k.order[:i:i], k.order[i+1:]...)
		}
	}
	return gone
}

// stop lets the thumbnails that are not made be.
func (k *kept) stop() {
	if k.cancel != nil {
		k.cancel()
	}
}

// thumbnail draws the middle slice of a volume for the rail.
func (k *kept) thumbnail(r *Room, n int, v *volume.Volume) {
	if k.pics == nil {
		k.pics = map[int]bool{}
	}
	if k.pics[n] {
		return
	}
	k.pics[n] = true
	d, m := r.do.NewDrawer(), &r.study.Images[n]
	k.done.Add(1)
	go func() {
		defer k.done.Done()
		if img := drawThumbnail(d, m, v); img != nil {
			control.OnMain(func() { r.rail.SetPicture(n, img) })
		}
	}()
}

// others makes the remaining thumbnails, one after another: each image is loaded until its middle slice is there, and let go.
func (k *kept) others(r *Room) {
	if k.cancel != nil {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	k.cancel = cancel
	images := r.study.Images
	have := map[int]bool{}
	for n := range k.pics {
		have[n] = true
	}
	d := r.do.NewDrawer()
	k.done.Add(1)
	go func() {
		defer k.done.Done()
		for n := range images {
			if have[n] || images[n].Absent != "" || ctx.Err() != nil {
				continue
			}
			if img := peek(ctx, d, &images[n]); img != nil {
				control.OnMain(func() { r.rail.SetPicture(n, img) })
			}
		}
	}()
}

// peek loads no more than the middle slice and draws it.
func peek(ctx context.Context, d viewport.Drawer, m *Image) image.Image {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	first := firstSlice(m.Geometry)
	some := make(chan struct{}, 1)
	l, err := m.Load(ctx, first, func(int, int) {
		select {
		case some <- struct{}{}:
		default:
		}
	})
	if err != nil {
		return nil
	}
	v, ended := l.Volume, make(chan struct{})
	go func() {
		_ = l.Wait()
		close(ended)
	}()
	for !v.Arrived(first) {
		select {
		case <-some:
		case <-ended:
			if !v.Arrived(first) {
				return nil
			}
		}
	}
	cancel()
	<-ended
	return drawThumbnail(d, m, v)
}

func drawThumbnail(d viewport.Drawer, m *Image, v *volume.Volume) image.Image {
	size := image.Pt(2*pane.ThumbWidth, 2*pane.ThumbHeight)
	p := volume.AcquiredPlane(m.Geometry, firstSlice(m.Geometry), 1)
	p.MMPerPixel = p.Fit(m.Geometry, size.X, size.Y)
	s := render.Scene{Volume: v, Plane: p, VOI: greyOf(m, v).voi}
	img := image.NewRGBA(image.Rectangle{Max: size})
	if err := d.DrawInto(context.Background(), s, img); err != nil {
		return nil
	}
	return img
}
