package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"strings"
)

// config is what the command line says.
type config struct {
	rounds int
	only   string
	quick  bool
	json   bool
	dir    string
}

func main() {
	if len(os.Args) > 2 && os.Args[1] == "worker" {
		exit(work(os.Args[2], os.Args[3:]))
	}
	var c config
	flag.IntVar(&c.rounds, "rounds", 5, "rounds in which every program takes its turn")
	flag.StringVar(&c.only, "only", "", "only the tasks whose names contain one of these words, separated by commas")
	flag.BoolVar(&c.quick, "quick", false, "an eighth of the data: to see that everything runs, not for figures")
	flag.BoolVar(&c.json, "json", false, "print one JSON document")
	flag.StringVar(&c.dir, "dir", "out/bench", "where the images are kept between runs")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	exit(run(ctx, c))
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// run makes the data, then measures task after task and prints each when it is done.
func run(ctx context.Context, c config) error {
	d, err := makeData(ctx, c.dir, c.quick)
	if err != nil {
		return fmt.Errorf("make the images: %w", err)
	}
	p, err := newPeers(d.dir, d)
	if err != nil {
		return fmt.Errorf("find the other programs: %w", err)
	}
	if !c.json {
		fmt.Printf("%s, %d processors, %s/%s. Medians; ratios are ours divided by theirs.\n", runtime.Version(), runtime.GOMAXPROCS(0), runtime.GOOS, runtime.GOARCH)
	}
	var all []result
	var failed []error
	for _, t := range tasks(d, p) {
		if !c.wants(t.name) {
			continue
		}
		r, err := measure(ctx, t, c.rounds)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", t.name, err))
			continue
		}
		all = append(all, r)
		if !c.json {
			r.print(os.Stdout)
		}
	}
	if c.json {
		e := json.NewEncoder(os.Stdout)
		e.SetIndent("", "  ")
		return errors.Join(append(failed, e.Encode(all))...)
	}
	held, judged := 0, 0
	for _, r := range all {
		h, j := r.verdicts()
		held, judged = held+h, judged+j
	}
	fmt.Printf("\n%d of %d goals held.\n", held, judged)
	return errors.Join(failed...)
}

func (c config) wants(name string) bool {
	if c.only == "" {
		return true
	}
	for word := range strings.SplitSeq(c.only, ",") {
		if strings.Contains(name, strings.TrimSpace(word)) {
			return true
		}
	}
	return false
}
