package main

import "os"

func peakMiB(*os.ProcessState) float64 { return 0 }
