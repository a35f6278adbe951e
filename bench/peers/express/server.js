// The peer written with Express and Mongoose: /t/:code sends the stored bytes, /n/:code does the normalised read.
'use strict'

const express = require('express')
const mongoose = require('mongoose')

const { Schema } = mongoose
const counting = process.env.BENCH_COUNT === '1'
const loose = { strict: false, versionKey: false }
const id = { _id: String }

mongoose.set('autoIndex', false)
mongoose.set('autoCreate', false)

const Producer = mongoose.model('Producer', new Schema(id, loose), 'bench_producers')
const Lot = mongoose.model('Lot', new Schema(id, loose), 'bench_lots')
const Certificate = mongoose.model(
  'Certificate',
  new Schema(
    { ...id, code: String, producer: { type: String, ref: Producer }, lot: { type: String, ref: Lot } },
    loose
  ),
  'bench_certificates'
)
const Record = mongoose.model('Record', new Schema({ ...id, lot: String, seq: Number }, loose), 'bench_records')
const Result = mongoose.model('Result', new Schema({ ...id, lot: String, seq: Number }, loose), 'bench_results')

let commands = {}
let received = 0

async function stored (request, response) {
  const projection = { _id: 0, json: 1, etag_json: 1 }
  const row = await mongoose.connection
    .collection('public_traces')
    .findOne({ _id: request.params.code }, { projection, promoteBuffers: true })
  if (!row) return response.status(404).end()
  response.set({
    ETag: `"${row.etag_json}"`,
    'Content-Type': 'application/json',
    'Content-Length': row.json.length,
    'Cache-Control': 'no-cache',
    Vary: 'Accept, Accept-Encoding, Accept-Language'
  })
  response.end(row.json)
}

// Lean documents: the faster of Mongoose's two ways to read.
async function normalised (request, response) {
  const found = await Certificate.findOne({ code: request.params.code }).populate('producer').populate('lot').lean()
  if (!found) return response.status(404).end()
  const { _id, producer, lot, ...certificate } = found
  const ofLot = { lot: lot._id }
  const [records, results] = await Promise.all([Record.find(ofLot).lean(), Result.find(ofLot).lean()])
  const { producer: maker, place } = producer
  const { product, batch, hold, recall } = lot
  const inOrder = rows => rows.sort((one, other) => one.seq - other.seq).map(({ _id, lot, seq, ...body }) => body)
  response.json({
    ...certificate,
    producer: maker,
    place,
    product,
    batch,
    hold,
    recall,
    timeline: inOrder(records),
    tests: inOrder(results)
  })
}

async function main () {
  await mongoose.connect(process.env.MONGODB_URI, { monitorCommands: counting })
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.get('/t/:code', stored)
  app.get('/n/:code', normalised)
  if (counting) {
    const quiet = new Set(['hello', 'ismaster', 'ping', 'endSessions'])
    const client = mongoose.connection.getClient()
    client.on('commandStarted', event => {
      if (!quiet.has(event.commandName)) commands[event.commandName] = (commands[event.commandName] || 0) + 1
    })
    client.on('commandSucceeded', event => {
      if (!quiet.has(event.commandName)) received += mongoose.mongo.BSON.calculateObjectSize(event.reply)
    })
    app.get('/__bench/counts', (request, response) => {
      const taken = { commands, sent: 0, received }
      commands = {}
      received = 0
      response.json(taken)
    })
  }
  app.listen(Number(process.env.PORT), '127.0.0.1')
}

main().catch(error => {
  console.error(error)
  process.exit(1)
})
