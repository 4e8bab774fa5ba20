// Stream: one type-erased, two-way flow of bytes with the identity of the other end. It models Asio's AsyncReadStream
// and AsyncWriteStream, so Beast and ssl::stream take it; simulated streams, TCP, Unix sockets and TLS all hide behind
// it.
#pragma once

#include <array>
#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>

namespace paso {

namespace asio = boost::asio;

// Who is at the other end. `name` is the common name of the peer's verified certificate ("uto-001-k1"), empty where the
// peer showed none; `address` is for logs of incidents ("127.0.0.1:4711").
struct Peer {
    std::string name;
    std::string address;
    bool operator==(const Peer&) const = default;
};

// Handlers are held by unique_ptr: in Boost 1.81 any_completion_handler's move assignment recurses.
using IoHandler = asio::any_completion_handler<void(boost::system::error_code, std::size_t)>;
using IoHandlerPtr = std::unique_ptr<IoHandler>;

// What an implementation provides. One read and one write may be under way at a time. A handler is completed through
// its associated executor, never from inside the call; a zero-length read or write completes with 0. close() completes
// what is under way with operation_aborted; destruction closes. Cancellation slots of the handlers are honoured.
class StreamImpl {
  public:
    virtual ~StreamImpl() = default;
    virtual asio::any_io_executor executor() = 0;
    virtual void read_some(asio::mutable_buffer into, IoHandlerPtr done) = 0;
    virtual void write_some(asio::const_buffer from, IoHandlerPtr done) = 0;
    virtual void close() = 0;
    [[nodiscard]] virtual const Peer& peer() const = 0;
};

class Stream {
  public:
    using executor_type = asio::any_io_executor;
    using lowest_layer_type = Stream;

    Stream() = default;
    explicit Stream(std::unique_ptr<StreamImpl> impl) : impl_(std::move(impl)) {}

    [[nodiscard]] executor_type get_executor() { return impl_->executor(); }
    [[nodiscard]] lowest_layer_type& lowest_layer() { return *this; }
    [[nodiscard]] const Peer& peer() const { return impl_->peer(); }
    [[nodiscard]] bool open() const { return impl_ != nullptr; }
    void close() {
        if (impl_) impl_->close();
    }

    template <class Buffers, class Token>
    auto async_read_some(const Buffers& buffers, Token&& token) {
        return asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
            [this](auto handler, asio::mutable_buffer into) {
                impl_->read_some(into, std::make_unique<IoHandler>(std::move(handler)));
            },
            token, first<asio::mutable_buffer>(buffers));
    }
    template <class Buffers, class Token>
    auto async_write_some(const Buffers& buffers, Token&& token) {
        return asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
            [this](auto handler, asio::const_buffer from) {
                impl_->write_some(from, std::make_unique<IoHandler>(std::move(handler)));
            },
            token, gather(buffers));
    }

  private:
    // The first buffer that is not empty: "some" may be less than all.
    template <class Buffer, class Buffers>
    static Buffer first(const Buffers& buffers) {
        for (auto it = asio::buffer_sequence_begin(buffers); it != asio::buffer_sequence_end(buffers); ++it) {
            const Buffer b(*it);
            if (b.size() != 0) return b;
        }
        return {};
    }
    // Small buffers go out together: one packet, one TLS record, not one for each header line.
    template <class Buffers>
    asio::const_buffer gather(const Buffers& buffers) {
        const auto head = first<asio::const_buffer>(buffers);
        if (head.size() >= 4096 || head.size() == asio::buffer_size(buffers)) return head;
        if (!scratch_) scratch_ = std::make_unique<std::array<std::byte, 16384>>();
        return {scratch_->data(), asio::buffer_copy(asio::buffer(*scratch_), buffers)};
    }
    std::unique_ptr<StreamImpl> impl_;
    std::unique_ptr<std::array<std::byte, 16384>> scratch_;  // of the one write that may be under way
};

}  // namespace paso
