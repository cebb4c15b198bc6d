/*
 * The floor of this machine: one thread on epoll, without a parser, a session or a log.
 *   GET /stream       an event stream; POST /broadcast sends its body to all of them
 *   GET /held         held until POST /release
 *   anything else     304 to whoever sends If-None-Match, otherwise 200
 * A request must come in one piece, as the clients of the bench send it.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST 65536

/* What the kernel did not take of a frame, until it takes it. */
struct rest { char *bytes; size_t length; };

static struct rest rests[MOST];
static int streams[MOST], held[MOST], place[MOST];
static int streaming, holding, loop, seq;
static char request[65536], frame[66560];

static const char ok[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
static const char page[] =
  "HTTP/1.1 200 OK\r\nETag: \"k7x2ab.4-aBcDeFgH\"\r\nCache-Control: private, no-cache\r\n"
  "Vary: Accept, Prefer, Cookie\r\nContent-Type: application/json\r\nContent-Length: 63\r\n\r\n"
  "{\"entries\":[],\"next\":\"k7x2ab.1\",\"head\":\"k7x2ab.1\",\"more\":false}";
static const char not_modified[] =
  "HTTP/1.1 304 Not Modified\r\nETag: \"k7x2ab.4-aBcDeFgH\"\r\nCache-Control: private, no-cache\r\n"
  "Vary: Accept, Prefer, Cookie\r\nRetry-After: 30\r\n\r\n";
static const char stream_head[] =
  "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
  "Cache-Control: no-cache, no-transform\r\nConnection: close\r\n\r\n";

static void await(int fd, unsigned events, int how) {
  struct epoll_event event = { .events = events, .data.fd = fd };
  epoll_ctl(loop, how, fd, &event);
}

static void leave(int fd) {
  if (place[fd]) {
    int last = streams[streaming--];
    streams[place[fd]] = last;
    place[last] = place[fd];
    place[fd] = 0;
  }
  for (int n = 0; n < holding; n++)
    if (held[n] == fd) held[n--] = held[--holding];
  free(rests[fd].bytes);
  rests[fd] = (struct rest){ 0 };
  close(fd);
}

static void put(int fd, const char *bytes, size_t length) {
  struct rest *rest = &rests[fd];
  ssize_t taken = rest->length ? 0 : send(fd, bytes, length, MSG_NOSIGNAL);
  if (taken < 0) taken = 0;
  if ((size_t)taken == length) return;
  size_t left = length - taken;
  rest->bytes = realloc(rest->bytes, rest->length + left);
  memcpy(rest->bytes + rest->length, bytes + taken, left);
  rest->length += left;
  await(fd, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
}

static void put_rest(int fd) {
  struct rest whole = rests[fd];
  rests[fd] = (struct rest){ 0 };
  await(fd, EPOLLIN, EPOLL_CTL_MOD);
  put(fd, whole.bytes, whole.length);
  free(whole.bytes);
}

static void broadcast(int from, const char *body) {
  int length = snprintf(frame, sizeof frame, "id: k7x2abcd.%d\ndata: %s\n\n", ++seq, body);
  for (int n = 1; n <= streaming; n++) put(streams[n], frame, length);
  put(from, ok, sizeof ok - 1);
}

static void follow(int fd) {
  put(fd, stream_head, sizeof stream_head - 1);
  int length = snprintf(frame, sizeof frame,
    "retry: 1000\n\nevent: ready\nid: k7x2abcd.%d\ndata: {\"head\":\"k7x2abcd.%d\"}\n\n", seq, seq);
  put(fd, frame, length);
  place[fd] = ++streaming;
  streams[streaming] = fd;
}

static void answer(int fd) {
  ssize_t length = recv(fd, request, sizeof request - 1, 0);
  if (length <= 0) return leave(fd);
  request[length] = 0;
  if (!strncmp(request, "GET /stream", 11)) return follow(fd);
  if (!strncmp(request, "GET /held", 9)) { held[holding++] = fd; return; }
  if (!strncmp(request, "POST /broadcast", 15)) {
    char *body = strstr(request, "\r\n\r\n");
    return broadcast(fd, body ? body + 4 : "");
  }
  if (!strncmp(request, "POST /release", 13)) {
    int released = holding;
    holding = 0;
    for (int n = 0; n < released; n++) put(held[n], page, sizeof page - 1);
    return put(fd, ok, sizeof ok - 1);
  }
  if (strcasestr(request, "\nif-none-match:")) return put(fd, not_modified, sizeof not_modified - 1);
  put(fd, page, sizeof page - 1);
}

int main(void) {
  struct rlimit files = { 0 };
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(atoi(getenv("PORT"))) };
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 4096)) return 1;
  loop = epoll_create1(0);
  await(listener, EPOLLIN, EPOLL_CTL_ADD);
  for (;;) {
    struct epoll_event events[512];
    int count = epoll_wait(loop, events, 512, -1);
    for (int n = 0; n < count; n++) {
      int fd = events[n].data.fd;
      if (fd != listener) {
        if (events[n].events & EPOLLOUT) put_rest(fd);
        if (events[n].events & ~EPOLLOUT) answer(fd);
        continue;
      }
      for (int client; (client = accept4(listener, 0, 0, SOCK_NONBLOCK)) >= 0;) {
        if (client >= MOST) { close(client); continue; }
        setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        await(client, EPOLLIN, EPOLL_CTL_ADD);
      }
    }
  }
}
