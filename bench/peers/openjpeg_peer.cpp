// OpenJPEG: decode FILE COUNT, a codestream in memory to its components.
#include "turns.h"

#include <openjpeg.h>

#include <cstring>
#include <fstream>
#include <iterator>
#include <vector>

struct Memory {
    const std::vector<char>& bytes;
    size_t at;
};

static OPJ_SIZE_T read(void* to, OPJ_SIZE_T n, void* from) {
    auto m = static_cast<Memory*>(from);
    if (m->at >= m->bytes.size()) return OPJ_SIZE_T(-1);
    n = std::min<size_t>(n, m->bytes.size() - m->at);
    std::memcpy(to, m->bytes.data() + m->at, n);
    m->at += n;
    return n;
}

static OPJ_OFF_T skip(OPJ_OFF_T n, void* from) {
    static_cast<Memory*>(from)->at += size_t(n);
    return n;
}

static OPJ_BOOL seek(OPJ_OFF_T n, void* from) {
    static_cast<Memory*>(from)->at = size_t(n);
    return OPJ_TRUE;
}

static opj_image_t* decode(const std::vector<char>& bytes) {
    Memory memory{bytes, 0};
    opj_stream_t* stream = opj_stream_create(1 << 20, OPJ_TRUE);
    opj_stream_set_read_function(stream, read);
    opj_stream_set_skip_function(stream, skip);
    opj_stream_set_seek_function(stream, seek);
    opj_stream_set_user_data(stream, &memory, nullptr);
    opj_stream_set_user_data_length(stream, bytes.size());
    opj_codec_t* codec = opj_create_decompress(OPJ_CODEC_J2K);
    opj_dparameters_t parameters;
    opj_set_default_decoder_parameters(&parameters);
    opj_image_t* image = nullptr;
    if (!opj_setup_decoder(codec, &parameters) || !opj_read_header(stream, codec, &image) || !opj_decode(codec, stream, image)) std::exit(2);
    opj_destroy_codec(codec);
    opj_stream_destroy(stream);
    return image;
}

int main(int, char** argv) {
    std::ifstream file(argv[2], std::ios::binary);
    std::vector<char> bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    int count = std::atoi(argv[3]);
    long long sum = 0;
    serve(
        [&] {
            for (int n = 0; n < count; n++) {
                opj_image_t* image = decode(bytes);
                if (n == count - 1) {
                    sum = 0;
                    for (OPJ_UINT32 c = 0; c < image->numcomps; c++)
                        for (size_t k = 0; k < size_t(image->comps[c].w) * image->comps[c].h; k++) sum += image->comps[c].data[k];
                }
                opj_image_destroy(image);
            }
            return 0;
        },
        [&](int) { return std::to_string(sum); }, count);
}
