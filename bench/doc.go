// Command bench measures what a reader feels, and prints it beside the programs that people use today: DCMTK, GDCM, VTK, ITK, numpy, scipy, scikit-learn, SQLite,
// restic.
//
// Every figure comes from this run on this machine, because a figure of last month on another machine says nothing. Ours and each peer are
// processes of their own that set themselves up, say "ready", and then do one repeat for each line they are sent: so the peers take turns, round after round, and
// a noisy neighbour hits all alike. Read the ratios. Reading, computing and saving go through the packages' public functions, as the programs do.
//
// A peer that is not installed is named with the command that installs it. The images are those of project/phantom, made once and kept in
// out/bench (about 1 GB; make clean removes them). DCMTK and GDCM compress them, as hospitals' files are not compressed by us. Rows of single codecs
// decode one frame in memory on one core and print MB/s of decoded pixels.
//
// The goals are those of the project's design: ratios to peers, or times at a percentile. Missing one is printed, not hidden, and is no failure.
package main
