package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"time"
)

// operation is one of ours, set up and ready: each call is one repeat and returns its figures in seconds, with a note of what was computed.
type operation func() (seconds []float64, note string, err error)

// operations are set up with the arguments of the task.
var operations = map[string]func(args []string) (operation, error){
	"load":       loadSeries,
	"decode":     decodeFrame,
	"codestream": decodeCodestream,
	"first":      firstImage,
	"memory":     holdVolume,
	"cut":        cutPlane,
	"window":     windowRGBA,
	"frames":     drawFrames,
	"stamp":      stampSpheres,
	"brush":      brushToPixel,
	"dice":       dice,

	"surfaces":  surfaces,
	"staple":    staple,
	"bootstrap": bootstrap,

	"undo":   undo,
	"commit": commit,
	"seal":   sealRead,
	"restic": resticBackup,
	"report": makeReport,
}

// work runs an operation for as long as lines come.
func work(name string, args []string) error {
	setUp, ok := operations[name]
	if !ok {
		return fmt.Errorf("there is no operation %q", name)
	}
	op, err := setUp(args)
	if err != nil {
		return err
	}
	runtime.GC()
	fmt.Println("ready")
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		seconds, note, err := op()
		if err != nil {
			return err
		}
		figures := make([]string, len(seconds))
		for n, s := range seconds {
			figures[n] = fmt.Sprintf("%.9f", s)
		}
		fmt.Printf("T %s | %s\n", strings.Join(figures, " "), note)
		debug.FreeOSMemory() // what one repeat leaves behind is not a gift to the next
	}
	return lines.Err()
}

// timed returns the seconds that one of count equal pieces of work took.
func timed(count int, f func() error) ([]float64, error) {
	start := time.Now()
	err := f()
	return []float64{time.Since(start).Seconds() / float64(count)}, err
}
