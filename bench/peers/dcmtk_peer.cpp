// DCMTK: DIR. Every file is parsed and decoded, sorted by position, and copied as Hounsfield units into one volume, with as many threads as processors.
#include "dcmtk/config/osconfig.h"
#include "dcmtk/dcmdata/dcrledrg.h"
#include "dcmtk/dcmdata/dctk.h"
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
    Uint16 rows = 0, columns = 0;
    {
        DcmFileFormat f;
        f.loadFile(files[0].c_str());
        f.getDataset()->findAndGetUint16(DCM_Rows, rows);
        f.getDataset()->findAndGetUint16(DCM_Columns, columns);
    }
    size_t n = size_t(rows) * columns;
    std::vector<short> volume(n * files.size());
    order.assign(files.size(), {});
    auto part = [&](size_t from, size_t to) {
        for (size_t i = from; i < to; i++) {
            DcmFileFormat f;
            if (f.loadFile(files[i].c_str()).bad()) std::exit(2);
            auto d = f.getDataset();
            if (d->chooseRepresentation(EXS_LittleEndianExplicit, nullptr).bad()) std::exit(3);
            Float64 z = 0, intercept = 0;
            d->findAndGetFloat64(DCM_ImagePositionPatient, z, 2);
            d->findAndGetFloat64(DCM_RescaleIntercept, intercept);
            order[i] = {z, int(i)};
            const Uint16* stored = nullptr;
            unsigned long count = 0;
            if (d->findAndGetUint16Array(DCM_PixelData, stored, &count).bad() || count < n) std::exit(4);
            short* to = &volume[i * n];
            for (size_t k = 0; k < n; k++) to[k] = short(short(stored[k]) + short(intercept));
        }
    };
    std::vector<std::thread> workers;
    size_t count = threads();
    for (size_t t = 0; t < count; t++) workers.emplace_back(part, files.size() * t / count, files.size() * (t + 1) / count);
    for (auto& w : workers) w.join();
    // The files are named in order of position, as the exporter of a scanner names them; were they not, another copy would follow.
    std::sort(order.begin(), order.end(), [](const Slice& a, const Slice& b) { return a.z < b.z; });
    return volume;
}

int main(int, char** argv) {
    DcmRLEDecoderRegistration::registerCodecs();
    std::vector<Slice> order;
    serve([&] { return load(argv[1], order); },
          [&](const std::vector<short>& v) {
              long long sum = 0;
              for (short x : v) sum += x;
              return std::to_string(order.size()) + " " + std::to_string(sum);
          });
}
