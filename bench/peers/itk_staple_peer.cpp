// ITK: MASK MASK MASK. STAPLE of three readers' masks on the whole grid.
#include "itkImage.h"
#include "itkMultiThreaderBase.h"
#include "itkSTAPLEImageFilter.h"
#include "turns.h"

#include <fstream>

using Mask = itk::Image<unsigned char, 3>;
using Filter = itk::STAPLEImageFilter<Mask, itk::Image<float, 3>>;

int main(int, char** argv) {
    itk::MultiThreaderBase::SetGlobalDefaultNumberOfThreads(threads());
    Mask::SizeType size = {{itk::SizeValueType(std::atoi(std::getenv("NX"))), itk::SizeValueType(std::atoi(std::getenv("NY"))), itk::SizeValueType(std::atoi(std::getenv("NZ")))}};
    Mask::Pointer masks[3];
    for (int r = 0; r < 3; r++) {
        masks[r] = Mask::New();
        masks[r]->SetRegions(size);
        masks[r]->Allocate();
        std::ifstream(argv[1 + r], std::ios::binary).read(reinterpret_cast<char*>(masks[r]->GetBufferPointer()), std::streamsize(size[0] * size[1] * size[2]));
    }
    serve(
        [&] {
            auto filter = Filter::New();
            for (int r = 0; r < 3; r++) filter->SetInput(r, masks[r]);
            filter->SetForegroundValue(1);
            filter->Update();
            return filter;
        },
        [&](const Filter::Pointer& f) {
            char text[80];
            std::snprintf(text, sizeof text, "%.6f %.6f %.6f", f->GetSensitivity(0), f->GetSensitivity(1), f->GetSensitivity(2));
            return std::string(text);
        });
}
