// Command load sends requests at a steady, bounded rate, and counts exactly what became of each.
//
// It sends -requests of them and goes on until something is written to its standard input, if -until-told says so. The
// last line of its output is a Report.
package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	maxRate     = 200
	maxDuration = 15 * time.Minute
	maxFailures = 50
)

// Report says what became of the requests.
type Report struct {
	Sent   int `json:"sent"`
	OK     int `json:"ok"`
	Failed int `json:"failed"`
	// By status or kind of error.
	By map[string]int `json:"by"`
	// Bodies by a field of their JSON, of those that were answered with 200.
	Fields map[string]int `json:"fields"`
	// The first failures.
	Failures []Failure `json:"failures"`
	// The last body that was answered with 200.
	Body    string  `json:"body"`
	P50     float64 `json:"p50Ms"`
	P90     float64 `json:"p90Ms"`
	P99     float64 `json:"p99Ms"`
	Max     float64 `json:"maxMs"`
	Seconds float64 `json:"seconds"`
}

// Failure is a request that was not answered with 200.
type Failure struct {
	AtSeconds float64 `json:"atSeconds"`
	TookMs    float64 `json:"tookMs"`
	Kind      string  `json:"kind"`
	Detail    string  `json:"detail"`
}

type recorder struct {
	sync.Mutex
	Report
	began time.Time
	took  []time.Duration
}

func main() {
	url := flag.String("url", "", "what to ask for")
	method := flag.String("method", http.MethodGet, "method of the requests")
	body := flag.String("body", "", "what to send")
	contains := flag.String("contains", "", "what an answer must contain, or it has failed")
	host := flag.String("host", "", "Host header and SNI, if not those of the URL")
	connectTo := flag.String("connect-to", "", "address:port to connect to, if not those of the URL")
	authority := flag.String("ca", "", "PEM of the authority that the server's certificate must be of")
	rate := flag.Int("rate", 20, fmt.Sprintf("requests per second, at most %d", maxRate))
	requests := flag.Int("requests", 1, "how many to send at least")
	untilTold := flag.Bool("until-told", false, "go on until standard input has something to read, or ends")
	timeout := flag.Duration("timeout", 5*time.Second, "of each request")
	fresh := flag.Bool("fresh", false, "a connection for every request")
	field := flag.String("field", "", "count the answers by this field of their JSON")
	flag.Parse()
	if *rate < 1 || *rate > maxRate || *requests < 1 || flag.NArg() > 0 || *url == "" {
		flag.Usage()
		os.Exit(2)
	}
	client, err := newClient(*host, *connectTo, *authority, *timeout, *fresh)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	told := make(chan struct{})
	if *untilTold {
		go func() {
			_, _ = os.Stdin.Read(make([]byte, 1))
			close(told)
		}()
	} else {
		close(told)
	}

	r := &recorder{began: time.Now()}
	r.By, r.Fields, r.Failures = map[string]int{}, map[string]int{}, []Failure{}
	var running sync.WaitGroup
	tick := time.NewTicker(time.Second / time.Duration(*rate))
	for sent := 0; ; sent++ {
		if sent >= *requests && isClosed(told) || time.Since(r.began) > maxDuration {
			break
		}
		<-tick.C
		running.Go(func() { r.send(client, query{*method, *url, *host, *body, *contains}, *field) })
	}
	running.Wait()
	r.finish()
	_ = json.NewEncoder(os.Stdout).Encode(r.Report)
}

func newClient(host, connectTo, authority string, timeout time.Duration, fresh bool) (*http.Client, error) {
	security := &tls.Config{ServerName: host}
	if authority != "" {
		security.RootCAs = x509.NewCertPool()
		if !security.RootCAs.AppendCertsFromPEM([]byte(authority)) {
			return nil, errors.New("-ca has no certificate")
		}
	}
	dialer := &net.Dialer{Timeout: timeout}
	transport := &http.Transport{
		DisableKeepAlives:   fresh,
		MaxIdleConnsPerHost: maxRate,
		TLSClientConfig:     security,
		ForceAttemptHTTP2:   true,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			if connectTo != "" {
				address = connectTo
			}
			return dialer.DialContext(ctx, network, address)
		},
	}
	return &http.Client{
		Transport:     transport,
		Timeout:       timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}, nil
}

func isClosed(channel <-chan struct{}) bool {
	select {
	case <-channel:
		return true
	default:
		return false
	}
}

// query is what each request asks.
type query struct{ method, url, host, body, contains string }

func (r *recorder) send(client *http.Client, asked query, field string) {
	at := time.Now()
	kind, detail, body := attempt(client, asked)
	took := time.Since(at)
	r.Lock()
	defer r.Unlock()
	r.Sent++
	r.By[kind]++
	r.took = append(r.took, took)
	if kind != "200" {
		r.Failed++
		if len(r.Failures) < maxFailures {
			failure := Failure{at.Sub(r.began).Seconds(), milliseconds(took), kind, detail}
			r.Failures = append(r.Failures, failure)
		}
		return
	}
	r.OK++
	r.Body = string(body)
	if field != "" {
		var object map[string]any
		_ = json.Unmarshal(body, &object)
		r.Fields[fmt.Sprint(object[field])]++
	}
}

func attempt(client *http.Client, asked query) (kind, detail string, body []byte) {
	request, err := http.NewRequest(asked.method, asked.url, strings.NewReader(asked.body))
	if err != nil {
		return "bad request", err.Error(), nil
	}
	if asked.host != "" {
		request.Host = asked.host
	}
	response, err := client.Do(request)
	if err != nil {
		return kindOf(err), err.Error(), nil
	}
	defer response.Body.Close()
	body, err = io.ReadAll(response.Body)
	if err != nil {
		return kindOf(err), err.Error(), nil
	}
	kind, detail = fmt.Sprint(response.StatusCode), fmt.Sprintf("%.200s", body)
	if kind == "200" && !bytes.Contains(body, []byte(asked.contains)) {
		kind = "unexpected body"
	}
	return kind, detail, body
}

func kindOf(err error) string {
	var timeout net.Error
	var lookup *net.DNSError
	var verification *tls.CertificateVerificationError
	switch {
	case errors.As(err, &lookup):
		return "name not found"
	case errors.As(err, &verification):
		return "certificate refused"
	case errors.As(err, &timeout) && timeout.Timeout():
		return "timeout"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "connection reset"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "connection closed"
	default:
		return "error"
	}
}

func (r *recorder) finish() {
	r.Seconds = time.Since(r.began).Seconds()
	slices.Sort(r.took)
	quantile := func(part float64) float64 {
		return milliseconds(r.took[int(float64(len(r.took)-1)*part)])
	}
	r.P50, r.P90, r.P99, r.Max = quantile(.5), quantile(.9), quantile(.99), quantile(1)
}

func milliseconds(duration time.Duration) float64 {
	return float64(duration.Microseconds()) / 1000
}
