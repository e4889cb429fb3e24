// ITK's opinion on pairs of masks: columns rows slices sx sy sz tolerance file. The file has the reference, then the test, one byte a voxel. Prints Dice, and of the face
// borders Hausdorff, the mean of the directed means, HD95 (the greater of the directed percentiles, linear), pooled HD95, ASSD and NSD. See itk_test.go.
//
//   g++ -O2 -w -I/usr/include/ITK-5.2 surfaces.cpp -o surfaces -lITKCommon-5.2 -litkvnl-5.2 -litkvnl_algo-5.2 -lITKVNLInstantiation-5.2 -litksys-5.2
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <vector>

#include "itkHausdorffDistanceImageFilter.h"
#include "itkImage.h"
#include "itkLabelOverlapMeasuresImageFilter.h"
#include "itkSignedMaurerDistanceMapImageFilter.h"

typedef itk::Image<unsigned char, 3> Mask;
typedef itk::Image<double, 3> Field;

static Mask::Pointer blank(Mask::SizeType size, const double *spacing) {
  auto m = Mask::New();
  Mask::RegionType region;
  region.SetSize(size);
  m->SetRegions(region);
  m->SetSpacing(spacing);
  m->Allocate();
  m->FillBuffer(0);
  return m;
}

// border is the voxels with a face neighbour outside; outside the grid is outside.
static Mask::Pointer border(Mask::Pointer m, Mask::SizeType size, const double *spacing) {
  auto out = blank(size, spacing);
  const unsigned char *in = m->GetBufferPointer();
  long n[3] = {(long)size[0], (long)size[1], (long)size[2]}, step[3] = {1, n[0], n[0] * n[1]};
  for (long k = 0; k < n[2]; k++)
    for (long j = 0; j < n[1]; j++)
      for (long i = 0; i < n[0]; i++) {
        long at[3] = {i, j, k}, v = i + j * step[1] + k * step[2];
        bool edge = false;
        for (int a = 0; a < 3; a++)
          edge = edge || at[a] == 0 || at[a] == n[a] - 1 || !in[v - step[a]] || !in[v + step[a]];
        out->GetBufferPointer()[v] = in[v] && edge;
      }
  return out;
}

static std::vector<double> distances(Mask::Pointer from, Mask::Pointer to, size_t voxels) {
  auto map = itk::SignedMaurerDistanceMapImageFilter<Mask, Field>::New();
  map->SetInput(to);
  map->SetSquaredDistance(false);
  map->SetUseImageSpacing(true);
  map->Update();
  std::vector<double> out;
  for (size_t v = 0; v < voxels; v++)
    if (from->GetBufferPointer()[v])
      out.push_back(std::max(0.0, map->GetOutput()->GetBufferPointer()[v]));
  std::sort(out.begin(), out.end());
  return out;
}

static double percentile(const std::vector<double> &v, double p) {
  double at = p * (v.size() - 1);
  size_t low = (size_t)at;
  return low + 1 < v.size() ? v[low] + (at - low) * (v[low + 1] - v[low]) : v.back();
}

static double mean(const std::vector<double> &v) {
  double s = 0;
  for (double x : v)
    s += x;
  return s / v.size();
}

int main(int, char **argv) {
  Mask::SizeType size = {{(unsigned)atoi(argv[1]), (unsigned)atoi(argv[2]), (unsigned)atoi(argv[3])}};
  double spacing[3] = {atof(argv[4]), atof(argv[5]), atof(argv[6])}, tolerance = atof(argv[7]);
  std::ifstream file(argv[8], std::ios::binary);
  size_t voxels = size[0] * size[1] * size[2];
  Mask::Pointer mask[2], edge[2];
  for (int m = 0; m < 2; m++) {
    mask[m] = blank(size, spacing);
    file.read((char *)mask[m]->GetBufferPointer(), voxels);
    edge[m] = border(mask[m], size, spacing);
  }
  auto overlap = itk::LabelOverlapMeasuresImageFilter<Mask>::New();
  overlap->SetSourceImage(mask[1]);
  overlap->SetTargetImage(mask[0]);
  overlap->Update();
  auto hausdorff = itk::HausdorffDistanceImageFilter<Mask, Mask>::New();
  hausdorff->SetInput1(edge[0]);
  hausdorff->SetInput2(edge[1]);
  hausdorff->SetUseImageSpacing(true);
  hausdorff->Update();
  auto there = distances(edge[0], edge[1], voxels), back = distances(edge[1], edge[0], voxels);
  std::vector<double> all(there);
  all.insert(all.end(), back.begin(), back.end());
  std::sort(all.begin(), all.end());
  size_t within = std::upper_bound(all.begin(), all.end(), tolerance) - all.begin();
  printf("%.12g %.12g %.12g %.12g %.12g %.12g %.12g\n", overlap->GetDiceCoefficient(1), hausdorff->GetHausdorffDistance(), hausdorff->GetAverageHausdorffDistance(),
         std::max(percentile(there, 0.95), percentile(back, 0.95)), percentile(all, 0.95), mean(all), (double)within / all.size());
}
