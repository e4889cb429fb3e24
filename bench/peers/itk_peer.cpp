// ITK: cut RAW SIDE | load DIR. An oblique plane, trilinear, of short voxels; a folder of slices to a volume of Hounsfield units.
#include "itkEuler3DTransform.h"
#include "itkGDCMImageIO.h"
#include "itkGDCMSeriesFileNames.h"
#include "itkImage.h"
#include "itkImageSeriesReader.h"
#include "itkLinearInterpolateImageFunction.h"
#include "itkMultiThreaderBase.h"
#include "itkResampleImageFilter.h"
#include "turns.h"

#include <fstream>

using Image = itk::Image<short, 3>;

static double number(const char* name) { return std::atof(std::getenv(name)); }

static Image::Pointer load(const std::string& dir) {
    auto names = itk::GDCMSeriesFileNames::New();
    names->SetUseSeriesDetails(true);
    names->SetDirectory(dir);
    auto reader = itk::ImageSeriesReader<Image>::New();
    reader->SetImageIO(itk::GDCMImageIO::New());
    reader->SetFileNames(names->GetFileNames(names->GetSeriesUIDs()[0]));
    reader->Update();
    Image::Pointer out = reader->GetOutput();
    out->DisconnectPipeline();
    return out;
}

int main(int, char** argv) {
    itk::MultiThreaderBase::SetGlobalDefaultNumberOfThreads(threads());
    if (std::string(argv[1]) == "load") {
        serve([&] { return load(argv[2]); },
              [](const Image::Pointer& image) {
                  auto size = image->GetLargestPossibleRegion().GetSize();
                  long long sum = 0;
                  for (size_t n = 0; n < size[0] * size[1] * size[2]; n++) sum += image->GetBufferPointer()[n];
                  return std::to_string(size[2]) + " " + std::to_string(sum);
              });
        return 0;
    }
    auto image = Image::New();
    Image::SizeType size = {{itk::SizeValueType(number("NX")), itk::SizeValueType(number("NY")), itk::SizeValueType(number("NZ"))}};
    Image::SpacingType spacing;
    spacing[0] = number("SX"), spacing[1] = number("SY"), spacing[2] = number("SZ");
    image->SetRegions(size);
    image->SetSpacing(spacing);
    image->Allocate();
    std::ifstream(argv[2], std::ios::binary).read(reinterpret_cast<char*>(image->GetBufferPointer()), std::streamsize(size[0] * size[1] * size[2] * 2));

    const int side = std::atoi(argv[3]);
    const double mm = 360.0 / side;
    Image::PointType centre;
    for (int a = 0; a < 3; a++) centre[a] = (size[a] - 1) / 2.0 * spacing[a];
    int call = 0;
    serve(
        [&] {
            call++;
            // The same plane as the others': turned about z, then y, then x, about the centre of the volume.
            auto turn = itk::Euler3DTransform<double>::New();
            turn->SetComputeZYX(true);
            turn->SetCenter(centre);
            turn->SetRotation(0.35, 0.25, 0.15 + 0.01 * call);
            auto filter = itk::ResampleImageFilter<Image, Image>::New();
            filter->SetInput(image);
            filter->SetTransform(turn);
            filter->SetInterpolator(itk::LinearInterpolateImageFunction<Image, double>::New());
            Image::SizeType plane = {{itk::SizeValueType(side), itk::SizeValueType(side), 1}};
            Image::SpacingType step;
            step[0] = step[1] = mm, step[2] = 1;
            Image::PointType origin = centre;
            origin[0] -= mm * (side - 1) / 2, origin[1] -= mm * (side - 1) / 2, origin[2] += 0.5 * call;
            filter->SetSize(plane);
            filter->SetOutputSpacing(step);
            filter->SetOutputOrigin(origin);
            filter->SetDefaultPixelValue(-1024);
            filter->Update();
            Image::Pointer out = filter->GetOutput();
            return out;
        },
        [&](const Image::Pointer& out) {
            double sum = 0;
            for (int n = 0; n < side * side; n++) sum += out->GetBufferPointer()[n];
            char text[40];
            std::snprintf(text, sizeof text, "%.3f", sum / (double(side) * side));
            return std::string(text);
        });
}
