#include "core/rules/tree.hpp"

#include <utility>

namespace paso {
namespace {

class TreeReader {
  public:
    Node read(const Program& p) {
        for (const Instruction& i : p.code) step(i, p.constants);
        return pop();
    }

  private:
    Node pop() {
        Node n = std::move(stack_.back());
        stack_.pop_back();
        return n;
    }
    void make(const Instruction& i, std::size_t operands) {
        Node n{i.op, i.detail, i.a, {}, {}};
        n.parts.resize(operands);
        for (std::size_t k = operands; k-- > 0;) n.parts[k] = pop();
        stack_.push_back(std::move(n));
    }
    // a && b, then c: one chain with three parts.
    void chain(Op op) {
        Node right = pop();
        Node left = pop();
        if (left.op != op || left.detail == 0) left = Node{op, 1, 0, {}, {std::move(left)}};  // detail: it may grow
        left.parts.push_back(std::move(right));
        stack_.push_back(std::move(left));
    }

    void step(const Instruction& i, const std::vector<Value>& constants) {
        switch (i.op) {
            case Op::constant:
                stack_.push_back({i.op, 0, 0, constants[i.b], {}});
                return;
            case Op::and_jump:
            case Op::or_jump:
            case Op::branch:
            case Op::branch_end:
                return;
            case Op::and_next:
                return chain(Op::and_last);
            case Op::or_next:
                return chain(Op::or_last);
            case Op::and_last:
            case Op::or_last:
                chain(i.op);
                stack_.back().detail = 0;
                return;
            case Op::join:
                return make(i, 3);
            case Op::fact:
            case Op::known:
            case Op::local:
            case Op::fault:
            case Op::group:
                return make(i, 0);
            case Op::negate:
            case Op::minus:
                return make(i, 1);
            case Op::select:
            case Op::has:
                make(i, 1);
                stack_.back().constant = constants[i.b];
                return;
            case Op::list:
                return make(i, i.b);
            case Op::map:
                return make(i, std::size_t{i.b} * 2);
            case Op::call:
                return make(i, i.a);
            case Op::table:
                return make(i, i.detail);
            case Op::loop:
                ranges_.push_back(pop());
                return;
            case Op::step: {
                Node body = pop();
                stack_.push_back({Op::loop, i.detail, i.a, {}, {std::move(ranges_.back()), std::move(body)}});
                ranges_.pop_back();
                return;
            }
            default:
                return make(i, 2);
        }
    }

    std::vector<Node> stack_;
    std::vector<Node> ranges_;
};

}  // namespace

Node read_tree(const Program& program) { return TreeReader().read(program); }

}  // namespace paso
