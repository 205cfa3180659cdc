// SPDX-License-Identifier: MIT
#include "tools/inkread/mnist.hpp"

#include <string>

#include "tools/inkread/files.hpp"

namespace inkread {
namespace {

namespace fs = std::filesystem;

struct PublishedFile {
  const char* name;
  const char* sha256;  ///< of the uncompressed file
};

constexpr PublishedFile kTrainImages{"train-images-idx3-ubyte",
                                     "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"};
constexpr PublishedFile kTrainLabels{"train-labels-idx1-ubyte",
                                     "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"};
constexpr PublishedFile kTestImages{"t10k-images-idx3-ubyte",
                                    "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"};
constexpr PublishedFile kTestLabels{"t10k-labels-idx1-ubyte",
                                    "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"};

Bytes load(const fs::path& folder, const PublishedFile& file, MnistCheck check) {
  constexpr std::size_t kLimit = std::size_t{1} << 30U;
  const fs::path plain = folder / file.name;
  const fs::path packed = folder / (std::string(file.name) + ".gz");
  Bytes content;
  fs::path used = plain;
  std::error_code ignored;
  if (fs::exists(plain, ignored)) {
    content = read_file(plain, kLimit);
  } else if (fs::exists(packed, ignored)) {
    used = packed;
    content = gunzip(read_file(packed, kLimit), packed.string(), kLimit);
  } else if (!fs::is_directory(folder, ignored)) {
    throw Failure(folder.string(), "there is no such folder; tools/fetch-mnist.sh downloads MNIST");
  } else {
    throw Failure(folder.string(), std::string("neither ") + file.name + " nor " + file.name +
                                       ".gz is there; tools/fetch-mnist.sh downloads MNIST");
  }
  if (check == MnistCheck::kPublished && sha256(content) != file.sha256) {
    throw Failure(used.string(),
                  "it is not MNIST's published file (its SHA-256 differs): fetch it again with "
                  "tools/fetch-mnist.sh, or say "
                  "--any-idx if it is a set of your own");
  }
  return content;
}

}  // namespace

Dataset load_mnist(const fs::path& folder, MnistPart part, MnistCheck check) {
  const bool train = part == MnistPart::kTrain;
  const Bytes images = load(folder, train ? kTrainImages : kTestImages, check);
  const Bytes labels = load(folder, train ? kTrainLabels : kTestLabels, check);
  return value_or_fail(parse_idx(images, labels), (folder / (train ? "train-*" : "t10k-*")).string());
}

}  // namespace inkread
