#include "devices/app/app.hpp"

#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <mutex>
#include <opencv2/core.hpp>
#include <span>
#include <string>
#include <thread>
#include <utility>

#include "core/barcode/national_card.hpp"
#include "devices/app/watcher.hpp"
#include "devices/barcode/read_barcodes.hpp"
#include "devices/barcode/symbol_sight.hpp"
#include "devices/barcode/vote.hpp"
#include "devices/decoder/decoder_process.hpp"
#include "devices/decoder/decoder_worker.hpp"
#include "devices/link/messages.hpp"
#include "devices/link/preview_ring.hpp"
#include "devices/mrz/read_mrz.hpp"
#include "devices/mrz/sight.hpp"
#include "devices/picture/picture.hpp"

namespace paso {
namespace {

constexpr int preview_width = 640;
constexpr int preview_height = 360;
constexpr int preview_quality = 75;
constexpr std::chrono::milliseconds preview_gap{66};  // 15 a second
constexpr std::chrono::milliseconds status_gap{500};
constexpr std::chrono::milliseconds idle{5};
// Of a frame's symbols: what is left of the decoder's patience is for the attempt that began last.
constexpr std::chrono::milliseconds time_to_read{250};

MonoTime mono_now() { return {std::chrono::steady_clock::now().time_since_epoch().count()}; }

// The shared memory of the preview ring, mapped for as long as we run.
class Ring {
  public:
    static Result<Ring> open(int fd) {
        if (fd < 0) return Ring{{}};
        struct stat info {};
        const std::size_t size = link::preview_ring_bytes();
        if (::fstat(fd, &info) != 0 || static_cast<std::size_t>(info.st_size) < size) {
            return fail("devices.preview", "descriptor " + std::to_string(fd) + " is no preview ring");
        }
        void* memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        if (memory == MAP_FAILED) return fail("devices.preview", "the preview ring cannot be mapped");
        return Ring{{static_cast<std::byte*>(memory), size}};
    }
    ~Ring() {
        if (!memory_.empty()) ::munmap(memory_.data(), memory_.size());
    }
    Ring(Ring&& other) noexcept : memory_(std::exchange(other.memory_, {})) {}
    Ring(const Ring&) = delete;
    Ring& operator=(const Ring&) = delete;
    Ring& operator=(Ring&&) = delete;
    [[nodiscard]] std::span<std::byte> memory() const { return memory_; }

  private:
    explicit Ring(std::span<std::byte> memory) : memory_(memory) {}
    std::span<std::byte> memory_;
};

link::DeviceState link_state(CameraState s) { return static_cast<link::DeviceState>(s); }
static_assert(static_cast<int>(CameraState::stopped) == static_cast<int>(link::DeviceState::stopped));
static_assert(static_cast<int>(ScannerState::stopped) == static_cast<int>(link::DeviceState::stopped));

class App {
  public:
    App(const DevicesConfig& config, int link_fd, std::unique_ptr<Camera> camera, Ring ring)
        : link_(link_fd),
          camera_(std::move(camera)),
          ring_(std::move(ring)),
          reads_(camera_->hub().reader()),
          previews_(camera_->hub().reader()) {
        send(link::Hello{link::link_version, std::string{"paso-devices "} + PASO_VERSION});
        if (config.scanner) {
            scanner_ = std::make_unique<SerialScanner>(*config.scanner, mono_now,
                                                       [this](BarcodeReading r) { send_barcode(std::move(r), true); });
        }
    }

    // Until the kiosk closes the link or says something that is no message.
    void run() {
        std::thread reading([this] { read_frames(); });
        std::thread previewing([this] { write_previews(); });
        listen();
        stop_ = true;
        reading.join();
        previewing.join();
        scanner_.reset();
    }

  private:
    void send(const link::Message& message) {
        const Bytes bytes = link::encode(message);
        const std::scoped_lock lock(writing_);
        std::size_t done = 0;
        while (done < bytes.size()) {
            const ssize_t n = ::send(link_, bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL);
            if (n < 0 && errno == EINTR) continue;
            if (n < 0 && errno == EAGAIN) {
                pollfd p{link_, POLLOUT, 0};
                ::poll(&p, 1, 100);
                if (!stop_) continue;
            }
            if (n <= 0) {
                stop_ = true;  // nobody listens any more
                return;
            }
            done += static_cast<std::size_t>(n);
        }
    }

    // Templates of fingers on some national cards go no further than here.
    void send_barcode(BarcodeReading reading, bool scanned) {
        cut_biometrics(reading.bytes);
        send(link::BarcodeSeen{std::move(reading), scanned});
    }

    void listen() {
        link::Deframer deframer;
        std::array<std::byte, 4096> buffer{};
        MonoTime told{};
        while (!stop_) {
            pollfd p{link_, POLLIN, 0};
            const int ready = ::poll(&p, 1, 100);
            if (mono_now() - told > status_gap) {
                told = mono_now();
                send_status();
            }
            if (ready <= 0) continue;
            const ssize_t n = ::recv(link_, buffer.data(), buffer.size(), MSG_DONTWAIT);
            if (n < 0 && (errno == EAGAIN || errno == EINTR)) continue;
            if (n <= 0 || !deframer.push(ByteView{buffer.data(), static_cast<std::size_t>(n)})) return;
            while (const auto payload = deframer.next()) {
                const auto message = link::decode(*payload);
                if (!message) return;
                if (const auto* watch = std::get_if<link::Watch>(&*message)) {
                    want_mrz_ = watch->mrz;
                    want_barcodes_ = watch->barcodes;
                    want_preview_ = watch->preview;
                }
            }
        }
    }

    static std::int64_t age(MonoTime at) {
        return at.ns == 0 ? -1 : std::chrono::duration_cast<std::chrono::milliseconds>(mono_now() - at).count();
    }

    void send_decoder_status() {
        const DecoderStatus d = decoder_.status();
        const auto state = d.reason.empty() ? link::DeviceState::live : link::DeviceState::stalled;
        send(link::DeviceStatus{link::DeviceKind::decoder, state, std::string{d.reason}, 0, d.frames, d.lost,
                                age(d.newest)});
    }

    void send_status() {
        const CameraStatus c = camera_->hub().status();
        send(link::DeviceStatus{link::DeviceKind::camera, link_state(c.state), std::string{c.reason}, c.rate, c.frames,
                                c.dropped, age(c.newest)});
        send_decoder_status();
        if (!scanner_) return;
        const ScannerStatus s = scanner_->status();
        send(link::DeviceStatus{link::DeviceKind::scanner, static_cast<link::DeviceState>(s.state),
                                std::string{s.reason}, 0, s.scans, s.dropped, age(s.newest)});
    }

    void read_frames() {
        MrzTracker tracker;
        MrzSights sights;
        SymbolSights symbol_sights;
        BarcodeVote vote;
        Watcher watcher;
        while (!stop_) {
            const Frame frame = reads_->take();
            if (frame.empty()) {
                std::this_thread::sleep_for(idle);
                continue;
            }
            if (!want_mrz_ && !want_barcodes_) continue;
            const GlassView view = watcher.look(frame);
            send(link::GlassSeen{view.something_there, view.still, frame.sequence()});
            if (!view.something_there) continue;
            bool rows = false;
            if (want_mrz_) {
                std::vector<MrzReading> readings =
                    read_mrz(frame, tracker, view.still ? MrzEffort::whole : MrzEffort::in_turn);
                const MrzSight sight = sights.look(frame, readings);
                for (MrzReading& reading : readings) send(link::MrzSeen{std::move(reading)});
                send(link::SightSeen{sight});
                rows = sight.rows;
            }
            if (want_barcodes_) {
                std::vector<BarcodeReading> found;
                if (view.still) {
                    auto symbols = decoder_.read(frame);
                    if (symbols) {
                        found = std::move(symbols->readings);
                    } else {
                        send_decoder_status();
                    }
                }
                // Where rows of an MRZ lie, they are what the traveller shows.
                if (!rows) send(link::SymbolSightSeen{symbol_sights.look(frame, found)});
                for (BarcodeReading& reading : found) {
                    if (vote.add(reading)) send_barcode(std::move(reading), false);
                }
            }
        }
    }

    void write_previews() {
        link::PreviewWriter writer(ring_.memory());
        MonoTime last{};
        while (!stop_) {
            if (!want_preview_ || ring_.memory().empty() || mono_now() - last < preview_gap) {
                std::this_thread::sleep_for(idle);
                continue;
            }
            const Frame frame = previews_->take();
            if (frame.empty()) {
                std::this_thread::sleep_for(idle);
                continue;
            }
            last = mono_now();
            writer.write(encode_jpeg(scaled(frame, preview_width, preview_height), preview_quality), frame.sequence());
        }
    }

    int link_;
    std::mutex writing_;
    std::unique_ptr<Camera> camera_;
    Ring ring_;
    DecoderProcess decoder_{{{"/proc/self/exe", std::string{decoder_word}}}};
    std::shared_ptr<FrameSlot> reads_;
    std::shared_ptr<FrameSlot> previews_;
    std::unique_ptr<SerialScanner> scanner_;
    std::atomic<bool> stop_ = false;
    std::atomic<bool> want_mrz_ = false;
    std::atomic<bool> want_barcodes_ = false;
    std::atomic<bool> want_preview_ = false;
};

}  // namespace

Status run_devices(const DevicesConfig& config, int link_fd, int preview_fd) {
    cv::setNumThreads(1);  // one core reads; the others belong to the kiosk
    auto ring = Ring::open(preview_fd);
    if (!ring) return fail(ring.error());
    auto camera = make_camera(config.camera, mono_now);
    if (!camera) return fail(camera.error());
    App(config, link_fd, std::move(*camera), std::move(*ring)).run();
    return {};
}

void run_decoder() {
    cv::setNumThreads(1);
    serve_decoder([tracker = BarcodeTracker{}](const Frame& frame) mutable {
        return FrameSymbols{read_barcodes(frame, {.most_time = time_to_read}, tracker)};
    });
}

}  // namespace paso
