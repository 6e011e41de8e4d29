// Debian's nginx between pages and CEC, with the configuration that `deploy/` has, and CEC behind TLS.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as places from '../harness/places.mjs'
import { freePort, start } from '../harness/programs.mjs'

const DEPLOYED = fileURLToPath(new URL('../../../deploy/nginx/service-cloud.conf', import.meta.url))
const HTTP = fileURLToPath(
  new URL('../../../deploy/nginx/service-cloud-http.conf', import.meta.url),
)
const HOST = 'cec.test'
/** The same for the server that trusts another authority: nginx resumes what it trusted before. */
const DISTRUSTED = 'cec-distrusted.test'

/** The guide's own answer (CEC guide, 1.7.1), but for the name of the host. */
const GUIDES = `location /service-cloud/ {
  proxy_set_header X-Real-IP $remote_addr;
  proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;

  proxy_request_buffering off;
  proxy_pass https://${HOST}/service-cloud;
}`

/** A request as CEC saw it. @typedef {{ host: string, name: string, path: string, client: string, scheme: string }} Seen */

export class Nginx {
  folder = ''
  /** By what stands in front of CEC: `deploy/`'s configuration, the same that trusts another authority, the guide's. */
  ports = { deployed: 0, distrustful: 0, guides: 0 }
  stop = async () => {}

  /** @param {string} site the pages @param {string} server calldock-server @param {string} cec the doubles */
  async start(site, server, cec) {
    this.folder = mkdtempSync(join(tmpdir(), 'calldock-nginx-'))
    this.#certificates()
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#start(site, server, cec)
      } catch (error) {
        // nginx cannot choose a port: another program may have taken one of these meanwhile.
        if (attempt === 3 || !String(error).includes('Address already in use')) throw error
        console.warn(`start ${attempt} of nginx failed: ${error}`)
      }
    }
  }

  /** @param {string} site @param {string} server @param {string} cec */
  async #start(site, server, cec) {
    const [deployed, distrustful, guides] = await Promise.all([freePort(), freePort(), freePort()])
    this.ports = { deployed, distrustful, guides }
    const tls = `unix:${this.folder}/tls-${deployed}`
    // What the operator changes: the host, and the bundle of certificates.
    const template = readFileSync(DEPLOYED, 'utf8')
    const bundle = '/etc/ssl/certs/ca-certificates.crt'
    if (!template.includes(`${bundle};`)) throw new Error(`${DEPLOYED}: expected ${bundle} in it`)
    /** @param {string} name @param {string} host @param {string} authority */
    const configure = (name, host, authority) =>
      writeFileSync(
        join(this.folder, `${name}.conf`),
        template.replaceAll('CEC_HOST', host).replace(bundle, join(this.folder, authority)),
      )
    configure('deployed', HOST, 'ca.pem')
    configure('distrustful', DISTRUSTED, 'other.pem')
    writeFileSync(join(this.folder, 'guides.conf'), GUIDES)
    /** @param {keyof Nginx['ports']} name */
    const front = (name) => `server {
      listen 127.0.0.1:${this.ports[name]};
      include ${this.folder}/${name}.conf;
      location /calldock/ { proxy_pass ${server}; proxy_set_header Host $http_host; }
      location / { proxy_pass ${site}; }
    }`
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    writeFileSync(
      join(this.folder, 'nginx.conf'),
      `${userInfo().uid === 0 ? `user ${userInfo().username};` : ''}
      worker_processes 1;
      pid ${this.folder}/pid;
      error_log stderr notice;
      events {}
      http {
        ${temporary.map((name) => `${name}_temp_path ${this.folder}/${name};`).join('\n')}
        log_format seen '{"host":"$http_host","name":"$ssl_server_name","path":"$request_uri",'
          '"client":"$http_x_real_ip","scheme":"$http_x_forwarded_proto"}';
        access_log off;
        include ${HTTP};
        # In the place of the resolver: these names are no machine's.
        upstream ${HOST} { server ${tls}; }
        upstream ${DISTRUSTED} { server ${tls}; }
        server {
          listen ${tls} ssl;
          ssl_certificate ${this.folder}/cec.pem;
          ssl_certificate_key ${this.folder}/cec.key;
          access_log ${this.folder}/seen.log seen;
          # A cookie that is not among those that pass.
          add_header Set-Cookie "of-cec=1; Domain=${HOST}; Path=/";
          location / { proxy_pass ${cec}; proxy_http_version 1.1; }
        }
        ${front('deployed')}
        ${front('distrustful')}
        ${front('guides')}
      }`,
    )
    const words = ['-e', 'stderr', '-p', this.folder, '-c', 'nginx.conf', '-g', 'daemon off;']
    const both = ['-c', 'exec "$0" "$@" 2>&1', places.nginx(), ...words]
    const { stop } = await start('/bin/sh', both, /start worker process/)
    this.stop = async () => {
      await stop()
      rmSync(this.folder, { recursive: true, force: true })
    }
  }

  /** An authority for this run, a certificate of its for CEC, and an authority that signed nothing. */
  #certificates() {
    /** @param {string} line */
    const openssl = (line) =>
      execFileSync('openssl', line.split(' '), { cwd: this.folder, stdio: 'pipe' })
    const key = '-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2'
    for (const name of ['ca', 'other'])
      openssl(
        `req -x509 ${key} -keyout ${name}.key -out ${name}.pem -subj /CN=calldock-test-${name}`,
      )
    openssl(`req ${key} -keyout cec.key -out cec.csr -subj /CN=${HOST}`)
    writeFileSync(join(this.folder, 'names'), `subjectAltName=DNS:${HOST},DNS:${DISTRUSTED}\n`)
    openssl(
      'x509 -req -in cec.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names -out cec.pem',
    )
  }

  /** What CEC was asked so far. @returns {Seen[]} */
  seen() {
    const lines = readFileSync(join(this.folder, 'seen.log'), 'utf8').split('\n')
    return lines.filter(Boolean).map((line) => JSON.parse(line))
  }
}
