# cmake -DINPUT=FILE -DOUTPUT=FILE.cpp -P embed.cmake: the bytes of INPUT as inkread::default_weights().
file(READ "${INPUT}" bytes HEX)
string(REGEX REPLACE "(................................)" "\\1\n" bytes "${bytes}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
file(WRITE "${OUTPUT}" "#include \"tools/inkread/default_weights.hpp\"

namespace inkread {
namespace {
constexpr unsigned char kBytes[] = {
${bytes}
};
}  // namespace

std::span<const std::byte> default_weights() { return std::as_bytes(std::span(kBytes)); }

}  // namespace inkread
")
