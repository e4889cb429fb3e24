package main

import (
	"context"
	"errors"
	"fmt"
	"image"
	"sync"
	"time"

	"hotlight/project/ingest"
	"hotlight/project/volume"
	"hotlight/render"
	"hotlight/render/soft"
	"hotlight/render/voi"
)

// openFolder scans a folder and returns its only image.
func openFolder(ctx context.Context, dir string) (*ingest.Image, error) {
	found, err := ingest.Scan(ctx, []string{dir}, ingest.ScanOptions{})
	if err != nil {
		return nil, err
	}
	if len(found.Studies) != 1 || len(found.Studies[0].Series) != 1 || len(found.Studies[0].Series[0].Volumes) != 1 {
		return nil, errors.New("the folder is not one series of one volume")
	}
	return found.Studies[0].Series[0].Volumes[0], nil
}

func openVolume(dir string) (*volume.Volume, error) {
	ctx := context.Background()
	m, err := openFolder(ctx, dir)
	if err != nil {
		return nil, err
	}
	l, err := ingest.Load(ctx, m, ingest.LoadOptions{})
	if err != nil {
		return nil, err
	}
	return l.Volume(), l.Wait()
}

// loadSeries: a folder of files to a whole volume in memory, headers, order and pixels.
func loadSeries(args []string) (operation, error) {
	return func() ([]float64, string, error) {
		var v *volume.Volume
		seconds, err := timed(1, func() (err error) {
			v, err = openVolume(args[0])
			return err
		})
		if err != nil {
			return nil, "", err
		}
		return seconds, sum(v), nil
	}, nil
}

// sum is what every program must get: the slices and the sum of all Hounsfield units.
func sum(v *volume.Volume) string {
	total := int64(len(v.Int16)) * int64(v.Intercept)
	for _, stored := range v.Int16 {
		total += int64(stored)
	}
	return fmt.Sprintf("%d %d", v.Size[2], total)
}

// firstImage: from opening the folder to the finished picture of the middle slice at 1024 x 1024, while the rest still loads.
func firstImage(args []string) (operation, error) {
	return func() ([]float64, string, error) {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		start := time.Now()
		m, err := openFolder(ctx, args[0])
		if err != nil {
			return nil, "", err
		}
		middle := m.Geometry.Size[2] / 2
		arrived := make(chan struct{})
		var once sync.Once
		l, err := ingest.Load(ctx, m, ingest.LoadOptions{First: middle, Arrived: func(k, _, _ int) {
			if k == middle {
				once.Do(func() { close(arrived) })
			}
		}})
		if err != nil {
			return nil, "", err
		}
		select {
		case <-arrived:
		case <-l.Done():
		}
		v := l.Volume()
		scene := render.Scene{Volume: v, Plane: volume.AcquiredPlane(&v.Geometry, middle, fieldMM/1024), VOI: softTissue}
		if _, err := soft.New().Draw(ctx, scene, image.Pt(1024, 1024)); err != nil {
			return nil, "", err
		}
		took := time.Since(start).Seconds()
		cancel()
		<-l.Done()
		return []float64{took}, "", nil
	}, nil
}

// fieldMM is what a picture shows.
const fieldMM = 360.0

var softTissue = voi.VOI{Center: 40, Width: 400}
