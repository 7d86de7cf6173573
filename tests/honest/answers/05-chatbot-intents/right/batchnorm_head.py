# case: batchnorm_head
# style: batch normalization, a hidden layer and dropout behind the average

# %% build_model
def build_model(vocabulary_size, n_intents):
    model = keras.Sequential()
    model.add(keras.Input((SENTENCE_LENGTH,)))
    model.add(keras.layers.Embedding(vocabulary_size, 16))
    model.add(keras.layers.GlobalAveragePooling1D())
    model.add(keras.layers.BatchNormalization(momentum=0.8))
    model.add(keras.layers.Dense(32, activation="relu"))
    model.add(keras.layers.Dropout(0.2))
    model.add(keras.layers.Dense(n_intents, activation="softmax"))
    return model


# %% compile_model
def compile_model(model):
    opt = keras.optimizers.Adam()
    opt.learning_rate = 0.01
    model.compile(opt, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


# %% train_model
def train_model(model, x, y, epochs):
    h = model.fit(np.asarray(x, dtype="int32"), np.asarray(y, dtype="int32"),
                  epochs=epochs, batch_size=32, verbose=0)
    return h


# %% reply
def reply(model, sentence):
    # the model wants a batch, so one row becomes a batch of one
    row = vectorize([sentence])[0]
    batch = np.expand_dims(row, axis=0)
    prediction = model.predict(batch, verbose=0)
    return REPLIES[np.argmax(prediction[0])]

