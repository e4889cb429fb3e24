// DCMTK: load DIR | decode FILE COUNT.
//
// load: every file is parsed and decoded, sorted by position, and copied as Hounsfield units into one volume, with as many threads as processors.
#include "dcmtk/config/osconfig.h"
#include "dcmtk/dcmdata/dcrledrg.h"
#include "dcmtk/dcmdata/dctk.h"
#include "dcmtk/dcmjpeg/djdecode.h"
#include "dcmtk/dcmjpls/djdecode.h"
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

// decode: the first frame of a file in memory. DCMTK gives uncompressed pixels as a pointer, so these are copied, as the others do.
static void decode(const char* file, int count) {
    DcmFileFormat f;
    if (f.loadFile(file).bad()) std::exit(2);
    auto d = f.getDataset();
    if (d->loadAllDataIntoMemory().bad()) std::exit(2);
    DcmElement* e = nullptr;
    if (d->findAndGetElement(DCM_PixelData, e).bad()) std::exit(2);
    auto pixels = OFstatic_cast(DcmPixelData*, e);
    Uint32 size = 0;
    if (pixels->getUncompressedFrameSize(d, size).bad()) std::exit(3);
    std::vector<Uint8> frame(size + (size & 1));
    Uint16 bits = 0, sign = 0;
    d->findAndGetUint16(DCM_BitsAllocated, bits);
    d->findAndGetUint16(DCM_PixelRepresentation, sign);
    serve(
        [&] {
            for (int n = 0; n < count; n++) {
                Uint32 fragment = 0;
                OFString colour;
                if (pixels->getUncompressedFrame(d, 0, fragment, frame.data(), Uint32(frame.size()), colour).bad()) std::exit(4);
            }
            return 0;
        },
        [&](int) {
            long long sum = 0;
            if (bits == 8)
                for (Uint32 n = 0; n < size; n++) sum += frame[n];
            else
                for (Uint32 n = 0; n + 1 < size; n += 2) {
                    Uint16 v = Uint16(frame[n] | frame[n + 1] << 8);
                    sum += sign ? Sint16(v) : v;
                }
            return std::to_string(sum);
        },
        count);
}

int main(int, char** argv) {
    DcmRLEDecoderRegistration::registerCodecs();
    DJDecoderRegistration::registerCodecs(EDC_never);
    DJLSDecoderRegistration::registerCodecs();
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
