// CSCA master lists: a CMS SignedData whose content is a set of CSCA certificates (Doc 9303-12 section 8, ICAO
// 2.23.136.1.1.2).
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "core/trust/certificate.hpp"

namespace paso {

struct MasterList {
    std::vector<Certificate> authorities;  // in the list's order; link certificates are among them
    std::size_t unreadable = 0;            // entries that are no certificate of an authority, left out
    Certificate signer;
    std::optional<WallTime> signed_at;  // the signed attribute
    // The signer chains to an authority that was given. Else only to one that came with the list, so that the list is
    // whole but anybody may have made it: an official compares `authority` with what the State published.
    bool anchored = false;
    Certificate authority;  // the one that issued the signer
    bool operator==(const MasterList&) const = default;
};

// Opens and verifies a list: one signature or several, every one must hold; the first signer must have the key usage
// 2.23.136.1.1.3, be valid when it signed (`now`, where the list does not say when) and be issued by an authority of
// its country, given or contained. At most 8 MiB, 4096 certificates. Errors: "master_list.too_large",
// "master_list.format", "master_list.signature", "master_list.signer", "master_list.authority".
[[nodiscard]] Result<MasterList> open_master_list(ByteView cms, const std::vector<Certificate>& given, WallTime now);

}  // namespace paso
