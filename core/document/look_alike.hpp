// Letters and digits that look alike in print and in OCR-B.
#pragma once

namespace paso {

// The digit that a letter is taken for, or 0 for a letter that looks like none.
[[nodiscard]] constexpr char digit_like(char letter) {
    switch (letter) {
        case 'O':
        case 'Q':
            return '0';
        case 'I':
            return '1';
        case 'Z':
            return '2';
        case 'S':
            return '5';
        case 'G':
            return '6';
        case 'B':
            return '8';
        default:
            return 0;
    }
}

}  // namespace paso
