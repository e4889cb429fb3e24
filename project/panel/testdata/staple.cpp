// ITK's STAPLE on masks from a file: columns rows slices readers file. Prints iterations, sensitivity and specificity of each reader, and how many
// voxels have a probability of 0.5 or more. See itk_test.go.
#include <fstream>
#include <iomanip>
#include <iostream>

#include "itkImage.h"
#include "itkSTAPLEImageFilter.h"

int main(int, char **argv) {
  typedef itk::Image<unsigned char, 3> Mask;
  typedef itk::Image<double, 3> Probability;
  Mask::SizeType size = {{(unsigned)atoi(argv[1]), (unsigned)atoi(argv[2]), (unsigned)atoi(argv[3])}};
  int readers = atoi(argv[4]);
  std::ifstream file(argv[5], std::ios::binary);
  auto filter = itk::STAPLEImageFilter<Mask, Probability>::New();
  size_t voxels = size[0] * size[1] * size[2];
  for (int r = 0; r < readers; r++) {
    auto mask = Mask::New();
    Mask::RegionType region;
    region.SetSize(size);
    mask->SetRegions(region);
    mask->Allocate();
    file.read((char *)mask->GetBufferPointer(), voxels);
    filter->SetInput(r, mask);
  }
  filter->SetForegroundValue(1);
  filter->SetMaximumIterations(10000);
  filter->Update();
  std::cout << std::setprecision(15) << filter->GetElapsedIterations();
  for (int r = 0; r < readers; r++)
    std::cout << " " << filter->GetSensitivity(r) << " " << filter->GetSpecificity(r);
  size_t taken = 0;
  for (size_t v = 0; v < voxels; v++)
    taken += filter->GetOutput()->GetBufferPointer()[v] >= 0.5;
  std::cout << " " << taken << std::endl;
}
