// GDCM: load DIR | decode FILE COUNT.
//
// load: every file is parsed and decoded, sorted by position, and copied as Hounsfield units into one volume, with as many threads as processors.
#include "gdcmAttribute.h"
#include "gdcmImageReader.h"
#include "turns.h"

#include <algorithm>
#include <filesystem>
#include <thread>
#include <vector>

struct Slice {
    double z;
    int file;
};

static std::vector<short> load(const std::string& dir, std::vector<Slice>& order) {
    std::vector<std::string> files;
    for (auto& e : std::filesystem::directory_iterator(dir)) files.push_back(e.path());
    std::sort(files.begin(), files.end());
    size_t n = 0;
    {
        gdcm::ImageReader r;
        r.SetFileName(files[0].c_str());
        if (!r.Read()) std::exit(2);
        n = size_t(r.GetImage().GetDimension(0)) * r.GetImage().GetDimension(1);
    }
    std::vector<short> volume(n * files.size());
    order.assign(files.size(), {});
    auto part = [&](size_t from, size_t to) {
        std::vector<short> stored(n);
        for (size_t i = from; i < to; i++) {
            gdcm::ImageReader r;
            r.SetFileName(files[i].c_str());
            if (!r.Read()) std::exit(2);
            const gdcm::Image& image = r.GetImage();
            if (image.GetBufferLength() != 2 * n || !image.GetBuffer(reinterpret_cast<char*>(stored.data()))) std::exit(4);
            order[i] = {image.GetOrigin(2), int(i)};
            const short intercept = short(image.GetIntercept());
            short* to = &volume[i * n];
            for (size_t k = 0; k < n; k++) to[k] = short(stored[k] + intercept);
        }
    };
    std::vector<std::thread> workers;
    size_t count = threads();
    for (size_t t = 0; t < count; t++) workers.emplace_back(part, files.size() * t / count, files.size() * (t + 1) / count);
    for (auto& w : workers) w.join();
    // The files are named in order of position; were they not, another copy would follow.
    std::sort(order.begin(), order.end(), [](const Slice& a, const Slice& b) { return a.z < b.z; });
    return volume;
}

// decode: the frame of a file in memory.
static void decode(const char* file, int count) {
    gdcm::ImageReader r;
    r.SetFileName(file);
    if (!r.Read()) std::exit(2);
    const gdcm::Image& image = r.GetImage();
    std::vector<char> frame(image.GetBufferLength());
    serve(
        [&] {
            for (int n = 0; n < count; n++)
                if (!image.GetBuffer(frame.data())) std::exit(4);
            return 0;
        },
        [&](int) {
            long long sum = 0;
            if (image.GetPixelFormat().GetBitsAllocated() == 8)
                for (char v : frame) sum += static_cast<unsigned char>(v);
            else
                for (size_t n = 0; n + 1 < frame.size(); n += 2) {
                    unsigned short v = static_cast<unsigned short>(static_cast<unsigned char>(frame[n]) | static_cast<unsigned char>(frame[n + 1]) << 8);
                    sum += image.GetPixelFormat().GetPixelRepresentation() ? static_cast<short>(v) : v;
                }
            return std::to_string(sum);
        },
        count);
}

int main(int, char** argv) {
    if (std::string(argv[1]) == "decode") {
        decode(argv[2], std::atoi(argv[3]));
        return 0;
    }
    std::vector<Slice> order;
    serve([&] { return load(argv[2], order); },
          [&](const std::vector<short>& v) {
              long long sum = 0;
              for (short x : v) sum += x;
              return std::to_string(order.size()) + " " + std::to_string(sum);
          });
}
