// What the C++ peers share: taking turns. See participant.go.
#pragma once
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

// serve does one repeat of count equal pieces of work for each line read; repeat returns what note turns into a text after the clock has stopped.
template <class Repeat, class Note>
void serve(Repeat repeat, Note note, int count = 1) {
    std::printf("ready\n");
    std::fflush(stdout);
    for (int c; (c = std::getchar()) != EOF;) {
        if (c != '\n') continue;
        auto start = std::chrono::steady_clock::now();
        auto got = repeat();
        double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() / count;
        std::printf("T %.9f | %s\n", seconds, note(got).c_str());
        std::fflush(stdout);
    }
}

inline int threads() {
    const char* n = std::getenv("THREADS");
    return n ? std::atoi(n) : 1;
}
