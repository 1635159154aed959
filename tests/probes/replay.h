// Devices that answer as the probes' transcripts say: one loop for all of them, until the process is ended. What a request has
// in its holes (a transaction, a node) is put into the answer in place of the transcript's, as a device would echo it.
#pragma once

#include <net/if.h>
#include <netpacket/packet.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>

#include "core/text.h"
#include "peers.h"
#include "probes/exchange.h"
#include "probes/template.h"

class Replay {
  public:
    using Octets = std::vector<std::uint8_t>;
    struct Part {
        const herkomst::Probe* probe = nullptr;
        const herkomst::Transcript* transcript = nullptr;
    };

    // One port of one address; what several transcripts say of it belongs to one device. "0.0.0.0": datagrams to groups, too.
    void serve(const std::string& ip, std::uint16_t port, bool datagrams, Part part) {
        for (const auto& each : places_)
            if (each->ip == ip && each->port == port && each->datagrams == datagrams) return each->parts.push_back(part);
        auto place = std::make_unique<Place>();
        place->ip = ip;
        place->port = port;
        place->datagrams = datagrams;
        place->parts.push_back(part);
        place->fd = ::socket(AF_INET, (datagrams ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC, 0);
        const int one = 1;
        ::setsockopt(place->fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
        sockaddr_in here{};
        here.sin_family = AF_INET;
        here.sin_port = htons(port);
        ::inet_pton(AF_INET, ip.c_str(), &here.sin_addr);
        if (::bind(place->fd, reinterpret_cast<sockaddr*>(&here), sizeof here) != 0 ||
            (!datagrams && ::listen(place->fd, 16) != 0))
            throw std::runtime_error("no server on " + ip + " port " + std::to_string(port) + ": " + std::strerror(errno));
        places_.push_back(std::move(place));
    }
    // A group on an interface, of what is served on 0.0.0.0.
    void join(std::uint16_t port, const std::string& group, const std::string& interface) {
        for (const auto& each : places_) {
            if (each->ip != "0.0.0.0" || each->port != port) continue;
            ip_mreqn request{};
            ::inet_pton(AF_INET, group.c_str(), &request.imr_multiaddr);
            request.imr_ifindex = static_cast<int>(::if_nametoindex(interface.c_str()));
            ::setsockopt(each->fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &request, sizeof request);
        }
    }
    void serve_frames(const std::string& interface, Part part) {
        auto place = std::make_unique<Place>();
        place->frames = true;
        place->parts.push_back(part);
        place->fd = ::socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        sockaddr_ll here{};
        here.sll_family = AF_PACKET;
        here.sll_protocol = htons(part.probe->ethertype);
        here.sll_ifindex = static_cast<int>(::if_nametoindex(interface.c_str()));
        packet_mreq all{here.sll_ifindex, PACKET_MR_ALLMULTI, 0, {}};
        ::setsockopt(place->fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &all, sizeof all);
        if (::bind(place->fd, reinterpret_cast<sockaddr*>(&here), sizeof here) != 0)
            throw std::runtime_error("no frames of " + interface);
        places_.push_back(std::move(place));
    }
    [[noreturn]] void run() {
        for (;;) {
            std::vector<pollfd> wait;
            for (const auto& each : places_) wait.push_back({each->fd, POLLIN, 0});
            for (const auto& each : open_) wait.push_back({each.first, POLLIN, 0});
            ::poll(wait.data(), wait.size(), -1);
            const std::size_t listening = places_.size();
            for (std::size_t i = wait.size(); i-- > 0;) {
                if (wait[i].revents == 0) continue;
                if (i >= listening) {
                    heard(i - listening);
                } else if (places_[i]->frames || places_[i]->datagrams) {
                    datagram(*places_[i]);
                } else {
                    accepted(*places_[i]);
                }
            }
        }
    }

  private:
    struct Place {
        std::string ip;
        std::uint16_t port = 0;
        bool datagrams = false;
        bool frames = false;
        int fd = -1;
        std::vector<Part> parts;
        std::size_t next = 0;  // the turn after the last that was answered
    };
    struct Answer {
        std::vector<Octets> messages;
        bool ends = false;
    };

    static Octets bytes_of(std::string_view digits, std::string_view text) {
        if (!digits.empty()) return herkomst::unhex(digits);
        return {text.begin(), text.end()};
    }
    static Octets sent(const herkomst::Turn& turn) { return bytes_of(turn.sent_hex, turn.sent_text); }
    static Octets reply(const herkomst::Turn& turn) { return bytes_of(turn.reply_hex, turn.reply_text); }

    // How alike two requests are: bytes in the same place.
    static long likeness(const Octets& a, const Octets& b) {
        const std::size_t both = std::min(a.size(), b.size());
        long same = 0;
        for (std::size_t i = 0; i < both; ++i) same += a[i] == b[i] ? 1 : 0;
        return same - 4 * static_cast<long>(std::max(a.size(), b.size()) - both);
    }
    // What stood in the holes of the transcript's request, and what stands there now. A single byte is echoed in its place, or
    // one or two before it where an answer's head is shorter (BACnet); what is longer wherever it stands, the longest first.
    struct Echo {
        std::size_t at = 0;
        Octets then, now;
    };
    static std::vector<Echo> echoed(const herkomst::Probe& probe, const Octets& then, const Octets& now) {
        std::vector<Echo> out;
        for (const herkomst::Request& request : probe.requests) {
            if (!herkomst::matches(request, now)) continue;
            std::size_t at = 0;
            const auto parts = herkomst::parts_of(request);
            for (auto part = parts.value().begin(); part != parts.value().end(); ++part) {
                at += part->bytes.size();
                if (part->hole == nullptr) continue;
                if (part->hole->form == herkomst::Hole::Form::Sealed || at > std::min(then.size(), now.size())) break;
                std::size_t size = part->hole->size;
                if (part->hole->form == herkomst::Hole::Form::Text) {
                    // As long as what stands behind it says; texts of two lengths move all that follows.
                    const auto behind = std::next(part);
                    if (behind == parts.value().end() || behind->bytes.empty()) break;
                    const auto length = [&](const Octets& of) {
                        const auto from = of.begin() + static_cast<std::ptrdiff_t>(at);
                        return std::search(from, of.end(), behind->bytes.begin(), behind->bytes.end()) - from;
                    };
                    if (length(then) != length(now)) break;
                    size = static_cast<std::size_t>(length(now));
                }
                const std::size_t end = at + size;
                if (end > then.size() || end > now.size()) break;
                const auto piece = [&](const Octets& of) {
                    return Octets(of.begin() + static_cast<std::ptrdiff_t>(at), of.begin() + static_cast<std::ptrdiff_t>(end));
                };
                if (piece(then) != piece(now)) out.push_back({at, piece(then), piece(now)});
                at = end;
            }
            break;
        }
        return out;
    }
    static Answer answer(Place& place, const Octets& request) {
        Answer out;
        const herkomst::Turn* best = nullptr;
        Part of;
        std::size_t at = 0;
        long most = -1000;
        for (const Part& part : place.parts) {
            const auto& turns = part.transcript->turns;
            for (std::size_t k = 0; k < turns.size(); ++k) {
                const std::size_t i = (place.next + k) % turns.size();
                const Octets asked = sent(turns[i]);
                const long like = asked.empty() ? -1000 : likeness(asked, request);
                if (like <= most) continue;
                most = like;
                best = &turns[i];
                of = part;
                at = i;
            }
        }
        if (best == nullptr) return out;
        if (of.probe->each == herkomst::Probe::Each::Community) {
            // BER writes a number as short as it is, so the transcript's has no room: an agent that has no values (X.690
            // section 8.3; RFC 3416 section 3: the answer is the request with another tag).
            Octets said = request;
            for (std::size_t i = 7; i < said.size(); ++i) {
                if (said[i] != 0xa0 && said[i] != 0xa1) continue;
                said[i] = 0xa2;
                break;
            }
            out.messages.push_back(std::move(said));
            return out;
        }
        auto holes = echoed(*of.probe, sent(*best), request);
        std::ranges::stable_sort(holes, std::greater<>(), [](const Echo& each) { return each.then.size(); });
        const auto add = [&](const herkomst::Turn& turn) {
            Octets said = reply(turn);
            for (const auto& [offset, then, now] : holes) {
                if (then.size() == 1) {
                    for (std::size_t before = 0; before <= 2 && before <= offset; ++before) {
                        const std::size_t place_of = offset - before;
                        if (place_of >= said.size() || said[place_of] != then.front()) continue;
                        said[place_of] = now.front();
                        break;
                    }
                    continue;
                }
                for (auto place_of = said.begin();;) {
                    place_of = std::search(place_of, said.end(), then.begin(), then.end());
                    if (place_of == said.end()) break;
                    place_of = std::copy(now.begin(), now.end(), place_of);
                }
            }
            if (!said.empty()) out.messages.push_back(std::move(said));
            out.ends = out.ends || turn.ends;
        };
        add(*best);
        const auto& turns = of.transcript->turns;
        for (++at; at < turns.size() && sent(turns[at]).empty(); ++at) add(turns[at]);
        place.next = at;
        return out;
    }
    static void say(int fd, const Answer& answer) {
        for (const Octets& each : answer.messages) ::send(fd, each.data(), each.size(), MSG_NOSIGNAL);
        if (answer.ends) ::shutdown(fd, SHUT_WR);
    }
    static void datagram(Place& place) {
        Octets room(65'536);
        sockaddr_storage from{};
        socklen_t length = sizeof from;
        const ssize_t size = ::recvfrom(place.fd, room.data(), room.size(), 0, reinterpret_cast<sockaddr*>(&from), &length);
        if (size <= 0) return;
        room.resize(static_cast<std::size_t>(size));
        for (const Octets& each : answer(place, room).messages)
            ::sendto(place.fd, each.data(), each.size(), MSG_NOSIGNAL, reinterpret_cast<sockaddr*>(&from), length);
    }
    void accepted(Place& place) {
        const int fd = ::accept4(place.fd, nullptr, nullptr, SOCK_CLOEXEC);
        if (fd < 0) return;
        open_.emplace_back(fd, &place);
        const auto& turns = place.parts.front().transcript->turns;
        Answer greeting;
        for (std::size_t i = 0; i < turns.size() && sent(turns[i]).empty(); ++i) {
            greeting.messages.push_back(reply(turns[i]));
            greeting.ends = greeting.ends || turns[i].ends;
        }
        say(fd, greeting);
    }
    void heard(std::size_t which) {
        const auto [fd, place] = open_[which];
        Octets room(65'536);
        const ssize_t size = ::recv(fd, room.data(), room.size(), 0);
        if (size <= 0) {
            ::close(fd);
            open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(which));
            return;
        }
        room.resize(static_cast<std::size_t>(size));
        say(fd, answer(*place, room));
    }

    std::vector<std::unique_ptr<Place>> places_;
    std::vector<std::pair<int, Place*>> open_;
};
