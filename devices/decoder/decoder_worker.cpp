#include "devices/decoder/decoder_worker.hpp"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <exception>
#include <memory>
#include <new>
#include <span>
#include <utility>
#include <vector>

#include "devices/decoder/confine.hpp"

namespace paso {
namespace {

[[noreturn]] void end(DecoderExit how) { ::_exit(static_cast<int>(how)); }

std::span<const std::uint8_t> map_memory() {
    struct stat info {};
    if (::fstat(decoder_memory, &info) != 0 || info.st_size != static_cast<off_t>(decoder_pixels)) {
        end(DecoderExit::no_question);
    }
    void* at = ::mmap(nullptr, decoder_pixels, PROT_READ, MAP_SHARED, decoder_memory, 0);
    if (at == MAP_FAILED) end(DecoderExit::no_memory);
    return {static_cast<const std::uint8_t*>(at), decoder_pixels};
}

void say(ByteView packet) {
    ssize_t n = 0;
    do {
        n = ::send(decoder_socket, packet.data(), packet.size(), MSG_NOSIGNAL);
    } while (n < 0 && errno == EINTR);
    if (n < 0) end(DecoderExit::parent_gone);
}

DecodeRequest next_question() {
    std::array<std::byte, 256> packet{};
    ssize_t n = 0;
    do {
        n = ::recv(decoder_socket, packet.data(), packet.size(), 0);
    } while (n < 0 && errno == EINTR);
    if (n <= 0) end(DecoderExit::parent_gone);
    const auto request = decode_request(ByteView{packet}.first(static_cast<std::size_t>(n)));
    if (!request) end(DecoderExit::no_question);
    const auto size = static_cast<std::size_t>(request->width) * static_cast<std::size_t>(request->height);
    if (size > decoder_pixels) end(DecoderExit::no_question);
    return *request;
}

}  // namespace

void serve_decoder(const DecodeFrame& decode) {
    // Before any handler for it inside a library: memory that cannot be had is no picture without symbols.
    std::set_new_handler([] { end(DecoderExit::no_memory); });
    const std::span<const std::uint8_t> memory = map_memory();
    ::prctl(PR_SET_NAME, "paso-decoder");  // started as /proc/self/exe it would be called "exe"
    if (!confine(decoder_address_space)) end(DecoderExit::no_confinement);
    say(encode_reply(0, {}));
    auto pixels = std::make_shared<std::vector<std::uint8_t>>();
    for (;;) {
        const DecodeRequest q = next_question();
        const auto luma = memory.first(static_cast<std::size_t>(q.width) * static_cast<std::size_t>(q.height));
        if (pixels.use_count() > 1) pixels = std::make_shared<std::vector<std::uint8_t>>();
        pixels->assign(luma.begin(), luma.end());
        try {
            say(encode_reply(q.number, decode(Frame{q.width, q.height, false, pixels, q.captured, q.frame})));
        } catch (const std::exception&) {
            end(DecoderExit::threw);
        }
    }
}

}  // namespace paso
